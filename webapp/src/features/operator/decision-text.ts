/* A decision in one sentence: what it does to which reading or span, and what that changes. Pure. */
import type { Estimate } from "@/api/types";
import type { Translate } from "@/shared/i18n/catalogue";
import type { Format } from "@/shared/i18n/format";

export function decisionText(decision: Estimate, tz: string, t: Translate, format: Format): string {
  const change = { before: format.energy(decision.before_wh, 3), after: format.energy(decision.after_wh, 3) };
  if (decision.ts !== null) {
    return t(`decision.${decision.action === "refuse" ? "refuse" : "accept"}`, {
      ...change,
      value: format.energy(decision.value_wh ?? 0, 3),
      time: format.dateTime(decision.ts, tz),
    });
  }
  return t(`decision.${decision.action === "edit" ? "edit" : "estimate"}`, {
    ...change,
    from: format.dateTime(decision.from ?? decision.at, tz),
    to: format.dateTime(decision.to ?? decision.at, tz),
  });
}
