/* What a chart's sentence says of bars that are not plainly measured; "" where all are. Pure. */
import type { Translate } from "@/shared/i18n/catalogue";
import type { Bar } from "./bar-chart";

const TOLD = ["missing", "estimated", "edited", "partial"] as const;

export function qualitySentence(bars: readonly Pick<Bar, "kind">[], t: Translate): string {
  return TOLD.map((kind) => {
    const count = bars.filter((bar) => bar.kind === kind).length;
    return count > 0 ? t(`usage.${kind}`, { count }) : "";
  })
    .filter(Boolean)
    .join(" ");
}
