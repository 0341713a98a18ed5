/* What an entry of the queue is known by. Pure. */
import type { Verdict } from "@/api/types";

/** The same after a decision, so that what became of it stays where it was taken. */
export function verdictKey(verdict: Verdict): string {
  const what =
    verdict.place === "door"
      ? `${verdict.verdict} ${verdict.payload ?? verdict.detail ?? ""}`
      : verdict.place === "over_time"
        ? verdict.verdict
        : `${verdict.kind} ${verdict.channel} ${verdict.value_wh}`;
  return `${verdict.place} ${verdict.at} ${verdict.meter_id ?? ""} ${what}`;
}
