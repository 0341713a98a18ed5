import { describe, expect, it } from "vitest";
import { parseDate, parseView, rangeOf, step } from "./usage-range";

describe("the stretch that is shown", () => {
  it.each([
    ["day", "2026-11-22", "2026-11-22", "2026-11-23"],
    ["week", "2026-11-22", "2026-11-16", "2026-11-23"],
    ["month", "2026-02-10", "2026-02-01", "2026-03-01"],
    ["year", "2026-11-22", "2026-01-01", "2027-01-01"],
  ] as const)("as a %s of %s is %s to %s", (view, date, from, until) => {
    expect(rangeOf(view, date)).toEqual({ from, until });
  });

  it("is stepped through without gaps", () => {
    expect(rangeOf("month", step("month", "2026-03-31", -1))).toEqual({ from: "2026-02-01", until: "2026-03-01" });
    expect(rangeOf("month", step("month", "2026-01-31", 1))).toEqual({ from: "2026-02-01", until: "2026-03-01" });
    expect(rangeOf("year", step("year", "2026-11-22", -1))).toEqual({ from: "2025-01-01", until: "2026-01-01" });
  });

  it("comes from the address only when it makes sense there", () => {
    expect(parseView("month")).toBe("month");
    expect(parseView("decade")).toBe("day");
    expect(parseDate("2026-11-01", "2026-11-22")).toBe("2026-11-01");
    expect(parseDate("2026-12-01", "2026-11-22")).toBe("2026-11-22");
    expect(parseDate("2026-13-45", "2026-11-22")).toBe("2026-11-22");
    expect(parseDate("<script>", "2026-11-22")).toBe("2026-11-22");
  });
});
