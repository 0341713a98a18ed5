import { describe, expect, it } from "vitest";
import { curveSpanMs, isStale, medianStepMs } from "./freshness";

describe("power now", () => {
  it.each([
    [10_000, 1000, false],
    [16_000, 1000, true],
    [2_000_000, 900_000, false],
    [2_800_000, 900_000, true],
    [2_000_000, null, false],
  ])("%i ms old at an interval of %j ms: stale is %s", (age, interval, stale) => {
    expect(isStale(age, interval)).toBe(stale);
  });

  it("finds the interval in the readings, in any order, holes or not", () => {
    expect(medianStepMs([3000, 1000, 2000, 60_000])).toBe(1000);
    expect(medianStepMs([0, 900, 1800, 2700, 9000])).toBe(900);
    expect(medianStepMs([1, 2])).toBeNull();
  });

  it("shows minutes of a quick meter and a day of a slow one", () => {
    expect(curveSpanMs(1000)).toBe(300_000);
    expect(curveSpanMs(60_000)).toBe(3_600_000);
    expect(curveSpanMs(null)).toBe(54_000_000);
    expect(curveSpanMs(86_400_000)).toBe(86_400_000);
  });
});
