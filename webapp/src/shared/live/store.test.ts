import { describe, expect, it, vi } from "vitest";
import { LiveStore } from "./store";
import { readingOf } from "./live";

const reading = (tsUtcMs: number, powerW: number | null = 100) => ({ meterId: "m", tsUtcMs, powerW, energyWh: null });

describe("the live store", () => {
  it("keeps the newest reading, also when an older one comes late", () => {
    const store = new LiveStore();
    store.put([reading(2000, 20)]);
    store.put([reading(1000, 10)]);
    expect(store.last("m")?.powerW).toBe(20);
    expect(store.last("other")).toBeNull();
  });

  it("draws curves only of meters that somebody looks at, in order and without repetitions", () => {
    const store = new LiveStore();
    store.put([reading(500)]);
    expect(store.curve("m")).toEqual([]);
    store.seed("m", [{ tsUtcMs: 3000, powerW: 3 }, { tsUtcMs: 1000, powerW: 1 }]);
    store.put([reading(4000, 4)]);
    store.seed("m", [{ tsUtcMs: 2000, powerW: 2 }, { tsUtcMs: 4000, powerW: 4 }]);
    expect(store.curve("m").map((point) => point.powerW)).toEqual([1, 2, 3, 4]);
  });

  it("is bounded", () => {
    const store = new LiveStore();
    store.seed("m", []);
    for (let i = 0; i < 2000; i++) store.put([reading(i, i)]);
    expect(store.curve("m")).toHaveLength(600);
    expect(store.curve("m").at(-1)?.powerW).toBe(1999);
  });

  it("gives the same object while nothing changed, and tells when something does", () => {
    const store = new LiveStore();
    const told = vi.fn();
    store.subscribe(told);
    store.put([reading(1)]);
    expect(store.last("m")).toBe(store.last("m"));
    expect(store.curve("m")).toBe(store.curve("m"));
    expect(told).toHaveBeenCalledOnce();
  });
});

describe("a reading of the stream", () => {
  it("may give its time in either form, and leave its power out", () => {
    expect(readingOf({ meter_id: "m", ts: "2026-11-22T12:00:00Z", power_w: 5 })).toEqual([
      { meterId: "m", tsUtcMs: Date.parse("2026-11-22T12:00:00Z"), powerW: 5, energyWh: null },
    ]);
    expect(readingOf({ meter_id: "m", ts: 1000, energy_wh: 7 })[0]).toMatchObject({ tsUtcMs: 1000, powerW: null, energyWh: 7 });
  });

  it("is left out when it does not say of what meter or when", () => {
    expect(readingOf({ ts: 1000 })).toEqual([]);
    expect(readingOf({ meter_id: "m", ts: "yesterday" })).toEqual([]);
  });
});
