/* When "power now" is no longer now. Pure. */

/** What a meter is taken to send when it neither declares an interval nor shows one. */
const UNKNOWN_INTERVAL_MS = 900_000;
/** Below this, a late reading is the network's doing, not the meter's. */
const LEAST_MS = 15_000;

/** The median step between readings (any order), in ms; null for fewer than three readings. */
export function medianStepMs(times: readonly number[]): number | null {
  if (times.length < 3) return null;
  const sorted = [...times].sort((a, b) => a - b);
  const steps = sorted.slice(1).map((time, i) => time - (sorted[i] ?? time));
  steps.sort((a, b) => a - b);
  return steps[Math.floor(steps.length / 2)] ?? null;
}

/** A reading older than three intervals is old news. */
export function isStale(ageMs: number, intervalMs: number | null): boolean {
  return ageMs > Math.max(LEAST_MS, 3 * (intervalMs ?? UNKNOWN_INTERVAL_MS));
}

/** How much of the past the live curve shows: 60 intervals, between five minutes and a day. */
export function curveSpanMs(intervalMs: number | null): number {
  const wanted = 60 * (intervalMs ?? UNKNOWN_INTERVAL_MS);
  return Math.max(300_000, Math.min(86_400_000, wanted));
}
