/* Verdicts in words. The list may grow on the server: one that is not known here is shown by its name. */
import type { MessageKey, Translate } from "@/shared/i18n/catalogue";

const KNOWN = {
  accepted: "verdict.accepted",
  repeated: "verdict.repeated",
  conflict: "verdict.conflict",
  transient: "verdict.transient",
  rollover: "verdict.rollover",
  reset: "verdict.reset",
  implausible: "verdict.implausible",
  catch_up: "verdict.catch_up",
  sentinel: "verdict.sentinel",
  test: "verdict.test",
  chosen: "verdict.chosen",
  set_aside: "verdict.set_aside",
} as const satisfies Record<string, MessageKey>;

export function verdictText(verdict: string, t: Translate): string {
  return Object.hasOwn(KNOWN, verdict) ? t(KNOWN[verdict as keyof typeof KNOWN]) : verdict;
}
