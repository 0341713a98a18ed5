/* A day as shares of what is expected of it, from below: what is known best first. Pure. */
import type { QualityDay } from "@/api/types";

export interface DayPart {
  kind: "measured" | "edited" | "partial" | "estimated" | "missing";
  from: number;
  share: number;
}

export function partsOf(day: QualityDay): DayPart[] {
  const parts: DayPart[] = [];
  let from = 0;
  for (const kind of ["measured", "edited", "partial", "estimated", "missing"] as const) {
    const share = day.slots_expected > 0 ? day[`slots_${kind}`] / day.slots_expected : 0;
    if (share > 0) parts.push({ kind, from, share });
    from += share;
  }
  return parts;
}
