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
  bad_topic: "verdict.bad_topic",
  too_large: "verdict.too_large",
  bad_json: "verdict.bad_json",
  bad_type: "verdict.bad_type",
  out_of_range: "verdict.out_of_range",
  no_energy: "verdict.no_energy",
  mixed_kinds: "verdict.mixed_kinds",
  bad_time: "verdict.bad_time",
  missing_ts: "verdict.missing_ts",
  future: "verdict.future",
  clock_invalid: "verdict.clock_invalid",
  unknown_meter: "verdict.unknown_meter",
  unsupported_version: "verdict.unsupported_version",
  bad_batch: "verdict.bad_batch",
  duplicate_field: "verdict.duplicate_field",
  bad_name: "verdict.bad_name",
  bad_event: "verdict.bad_event",
  frozen: "verdict.frozen",
  zero_run: "verdict.zero_run",
  spike: "verdict.spike",
  high_day: "verdict.high_day",
  low_day: "verdict.low_day",
  sum_mismatch: "verdict.sum_mismatch",
  interval_count: "verdict.interval_count",
  voltage_precarious: "verdict.voltage_precarious",
  voltage_critical: "verdict.voltage_critical",
  clock_drift: "verdict.clock_drift",
} as const satisfies Record<string, MessageKey>;

export function verdictText(verdict: string, t: Translate): string {
  return Object.hasOwn(KNOWN, verdict) ? t(KNOWN[verdict as keyof typeof KNOWN]) : verdict;
}
