/* What of the queue is looked at, kept in the address so that it can be sent to a colleague. */
import { useCallback } from "react";
import type { CheckName, VerdictName } from "@/api/types";
import type { Translate } from "@/shared/i18n/catalogue";
import { useAddress } from "@/shared/lib/use-address";

export const PLACES = ["all", "neighbours", "door", "over_time", "days"] as const;
export type Place = (typeof PLACES)[number];

/** Those that stand in the queue, as the contract names them. */
export const VERDICTS = {
  neighbours: ["conflict", "transient", "rollover", "reset", "implausible", "catch_up", "sentinel", "test", "chosen", "set_aside"],
  door: [
    "bad_topic", "too_large", "bad_json", "bad_type", "out_of_range", "no_energy", "mixed_kinds", "bad_time", "missing_ts", "future", "clock_invalid",
    "unknown_meter", "unsupported_version", "bad_batch", "duplicate_field", "bad_name", "bad_event",
  ],
  over_time: ["frozen", "zero_run", "spike", "high_day", "low_day", "sum_mismatch", "interval_count", "voltage_precarious", "voltage_critical", "clock_drift"],
} as const satisfies { neighbours: readonly VerdictName[]; door: readonly VerdictName[]; over_time: readonly CheckName[] };

export interface ExceptionFilter {
  place: Place;
  meter: string;
  district: string;
  verdict: VerdictName | CheckName | "";
  /** Local dates; both count; empty: open. */
  from: string;
  to: string;
}

const DATE = /^\d{4}-\d\d-\d\d$/;
/** What the contract allows as a name; anything else names nobody. */
export const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export function filterOf(params: URLSearchParams): ExceptionFilter {
  const place = PLACES.find((known) => known === params.get("place")) ?? "all";
  const known = place === "days" ? [] : place === "all" ? [...VERDICTS.neighbours, ...VERDICTS.door, ...VERDICTS.over_time] : VERDICTS[place];
  const date = (name: string) => (DATE.test(params.get(name) ?? "") ? (params.get(name) ?? "") : "");
  return {
    place,
    meter: params.get("meter") ?? "",
    district: params.get("district") ?? "",
    verdict: [...known].find((name) => name === params.get("verdict")) ?? "",
    from: date("from"),
    to: date("to"),
  };
}

export function useExceptionFilter(): { filter: ExceptionFilter; change: (part: Partial<ExceptionFilter>) => void } {
  const [params, ask] = useAddress();
  const change = useCallback((part: Partial<ExceptionFilter>) => ask(part.place === "all" ? { ...part, place: "" } : part), [ask]);
  return { filter: filterOf(params), change };
}

/** Why nothing is listed. */
export function noneReason(filter: ExceptionFilter, t: Translate): string {
  if (filter.meter !== "") return t("exceptions.none.meter", { name: filter.meter });
  if (filter.district !== "") return t("exceptions.none.district", { name: filter.district });
  if (filter.verdict !== "" || filter.from !== "" || filter.to !== "") return t("exceptions.none.filter");
  return t(filter.place === "days" ? "exceptions.none.days" : "exceptions.none.reason");
}
