import { describe, expect, it } from "vitest";
import type { Meter } from "@/api/types";
import { conditionOf } from "./condition";
import { chooseMeter } from "./selected";

const now = Date.parse("2026-11-22T12:00:00Z");
const meter = (part: Partial<Meter>): Meter => ({
  meter_id: "m",
  tz: "UTC",
  state: "active",
  label: null,
  address: null,
  serial: null,
  district: null,
  feeder: null,
  latitude: null,
  longitude: null,
  service: { phases: 3, volts: 230, amps: 100 },
  reading_interval_s: 900,
  export_allowed: false,
  auto_registered: false,
  account_id: null,
  online: null,
  online_changed: null,
  last_reading: null,
  ...part,
});
const read = (msAgo: number) => ({ ts: new Date(now - msAgo).toISOString(), received: new Date(now).toISOString(), energy_wh: 1, power_w: null });

describe("the condition of a meter", () => {
  it.each([
    ["reporting", meter({ last_reading: read(60_000) }), null],
    ["reporting", meter({ last_reading: read(5_300_000) }), null],
    ["silent", meter({ last_reading: read(5_500_000) }), null],
    ["silent", meter({ reading_interval_s: 1, last_reading: read(3_700_000) }), null],
    ["reporting", meter({ reading_interval_s: 1, last_reading: read(3_500_000) }), null],
    ["reporting", meter({ last_reading: read(9_000_000) }), now - 1000],
    ["offline", meter({ last_reading: read(1000), online: false }), null],
    ["never", meter({}), null],
    ["never", meter({ online: false }), null],
    ["inactive", meter({ state: "inactive", last_reading: read(1000) }), null],
  ] as const)("is %s", (condition, of, live) => {
    expect(conditionOf(of, live, now)).toBe(condition);
  });
});

describe("the meter that is shown", () => {
  const mine = (id: string) => ({ meter_id: id, label: null, tz: "UTC", account_id: null });
  const me = { meters: [mine("a"), mine("b"), mine("c")] };
  it.each([
    ["b", "c", "b"],
    [null, "c", "c"],
    ["not-mine", "c", "c"],
    [null, "gone", "a"],
  ])("with %s in the address and %s kept is %s", (wanted, stored, id) => {
    expect(chooseMeter(me, wanted, stored)?.meter_id).toBe(id);
  });

  it("is none for who has none", () => {
    expect(chooseMeter({ meters: [] }, "a", "b")).toBeNull();
  });
});
