import { describe, expect, it } from "vitest";
import { instantOfWall, wallIn, addDays, dateIn, daysBetween, monthStart, weekStart } from "./local-date";

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

describe("the wall clock of a zone", () => {
  it.each([
    ["America/Sao_Paulo", "2026-11-22T00:00", "2026-11-22T03:00:00.000Z"],
    ["Europe/Lisbon", "2026-03-29T00:45", "2026-03-29T00:45:00.000Z"],
    ["Europe/Lisbon", "2026-03-29T02:00", "2026-03-29T01:00:00.000Z"], // the hour before is left out
    ["Europe/Lisbon", "2026-10-25T01:30", "2026-10-25T00:30:00.000Z"], // comes twice: the first
    ["Europe/Lisbon", "2026-10-25T02:00", "2026-10-25T02:00:00.000Z"],
    ["Asia/Kathmandu", "2026-01-01T00:00", "2025-12-31T18:15:00.000Z"],
  ])("%s at %s is %s, and back", (tz, wall, instant) => {
    expect(new Date(instantOfWall(tz, wall)).toISOString()).toBe(instant);
    expect(wallIn(tz, instant)).toBe(wall);
  });

  it("that shows an hour which is left out is taken as after the change", () => {
    expect(new Date(instantOfWall("Europe/Lisbon", "2026-03-29T01:30")).toISOString()).toBe("2026-03-29T01:30:00.000Z");
  });

  it("is none where nothing whole was typed", () => {
    expect(instantOfWall("UTC", "")).toBeNaN();
    expect(instantOfWall("UTC", "2026-13-01T00:00")).toBeNaN();
  });
});
