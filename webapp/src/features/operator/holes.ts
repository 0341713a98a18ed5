/* The stretches of a series that nobody measured: runs of quarter-hours of one kind. Pure. */
import type { Series } from "@/api/types";

export interface Hole {
  kind: "missing" | "estimated" | "partial";
  fromUtcMs: number;
  toUtcMs: number;
  quarters: number;
}

/** Up to `untilUtcMs`: what is yet to come is no hole. */
export function holesOf(series: Series, untilUtcMs: number): Hole[] {
  const holes: Hole[] = [];
  series.t.forEach((start, i) => {
    const fromUtcMs = Date.parse(start);
    const toUtcMs = Date.parse(series.t[i + 1] ?? series.to);
    const kind = series.import_wh[i] === null ? "missing" : series.quality[i];
    if ((kind !== "missing" && kind !== "estimated" && kind !== "partial") || toUtcMs > untilUtcMs) return;
    const last = holes.at(-1);
    if (last?.kind === kind && last.toUtcMs === fromUtcMs) {
      last.toUtcMs = toUtcMs;
      last.quarters++;
    } else {
      holes.push({ kind, fromUtcMs, toUtcMs, quarters: 1 });
    }
  });
  return holes;
}
