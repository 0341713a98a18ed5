import { describe, expect, it } from "vitest";
import { addDays, dateIn, daysBetween, monthStart, weekStart } from "./local-date";

describe("local dates", () => {
  it("are counted across months, leap days and changes of the clock", () => {
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(addDays("2026-01-01", -1)).toBe("2025-12-31");
    expect(daysBetween("2026-03-01", "2026-04-01")).toBe(31);
    expect(daysBetween("2026-04-01", "2026-03-01")).toBe(-31);
  });

  it("find the month and the week", () => {
    expect(monthStart("2026-11-22")).toBe("2026-11-01");
    expect(monthStart("2026-11-22", 2)).toBe("2027-01-01");
    expect(weekStart("2026-11-22")).toBe("2026-11-16");
    expect(weekStart("2026-11-16")).toBe("2026-11-16");
  });

  it("are those of the zone", () => {
    expect(dateIn("America/Sao_Paulo", "2026-11-22T02:59:59Z")).toBe("2026-11-21");
    expect(dateIn("America/Sao_Paulo", "2026-11-22T03:00:00Z")).toBe("2026-11-22");
    expect(dateIn("Europe/Paris", "2026-11-21T23:00:00Z")).toBe("2026-11-22");
  });
});
