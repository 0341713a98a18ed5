/* How a meter is doing, from what the API knows of it and the clock. Pure. */
import type { Meter } from "@/api/types";
import type { Tone } from "@/shared/ui/chip";

export type Condition = "reporting" | "silent" | "offline" | "never" | "inactive";
export const CONDITIONS: readonly Condition[] = ["reporting", "silent", "offline", "never", "inactive"];

export const CONDITION_TONES: Record<Condition, Tone> = { reporting: "good", silent: "warn", offline: "bad", never: "neutral", inactive: "neutral" };

const HOUR_MS = 3_600_000;
const UNKNOWN_INTERVAL_S = 900;

/** Silent as the fleet's summary counts it: six reading intervals without a reading, at least an hour. */
export function conditionOf(meter: Meter, lastTsUtcMs: number | null, nowUtcMs: number): Condition {
  if (meter.state === "inactive") return "inactive";
  const known = meter.last_reading === null ? null : Date.parse(meter.last_reading.ts);
  const last = Math.max(known ?? -Infinity, lastTsUtcMs ?? -Infinity);
  if (last === -Infinity) return "never";
  if (meter.online === false) return "offline";
  const interval = (meter.reading_interval_s ?? UNKNOWN_INTERVAL_S) * 1000;
  return nowUtcMs - last > Math.max(HOUR_MS, 6 * interval) ? "silent" : "reporting";
}
