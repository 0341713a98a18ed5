import { describe, expect, it } from "vitest";
import { backoffMs } from "./backoff";

describe("the wait before the next try", () => {
  it.each([
    [1, 500, 1000],
    [2, 1000, 2000],
    [5, 8000, 16_000],
    [7, 30_000, 60_000],
    [1000, 30_000, 60_000],
  ])("after %i failures lies between %i and %i ms", (attempt, least, most) => {
    expect(backoffMs(attempt, 0)).toBe(least);
    expect(backoffMs(attempt, 0.999999)).toBeLessThanOrEqual(most);
  });

  it("is never shorter than the server asked, and still spread", () => {
    expect(backoffMs(1, 0, 30_000)).toBe(30_000);
    expect(backoffMs(1, 0.5, 30_000)).toBe(33_000);
  });
});
