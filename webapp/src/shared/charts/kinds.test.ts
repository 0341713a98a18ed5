import { describe, expect, it } from "vitest";
import type { Series } from "@/api/types";
import { createFormat } from "@/shared/i18n/format";
import { createTranslate } from "@/shared/i18n/catalogue";
import { en } from "@/shared/i18n/messages/en";
import { kindOf } from "./kinds";
import { seriesBars } from "./use-series-bars";

const past = { startUtcMs: 0, endUtcMs: 10, nowUtcMs: 100 };

describe("the kind of a bar", () => {
  it("is the quality of what is over", () => {
    expect(kindOf("measured", 5, past)).toBe("measured");
    expect(kindOf("estimated", 5, past)).toBe("estimated");
    expect(kindOf("partial", 5, past)).toBe("partial");
  });

  it("is missing without a value, and measured with a value of zero", () => {
    expect(kindOf("missing", null, past)).toBe("missing");
    expect(kindOf("measured", 0, past)).toBe("measured");
  });

  it("is neither missing nor partial while the bucket lasts, and nothing is missing of what has not begun", () => {
    expect(kindOf("partial", 5, { startUtcMs: 0, endUtcMs: 200, nowUtcMs: 100 })).toBe("ongoing");
    expect(kindOf("missing", null, { startUtcMs: 0, endUtcMs: 200, nowUtcMs: 100 })).toBe("ongoing");
    expect(kindOf("missing", null, { startUtcMs: 150, endUtcMs: 200, nowUtcMs: 100 })).toBe("future");
  });
});

describe("a series as bars", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");
  const series: Series = {
    meter_id: "m",
    tz: "America/Sao_Paulo",
    bucket: "day",
    from: "2026-11-19T03:00:00Z",
    to: "2026-11-23T03:00:00Z",
    complete: false,
    t: ["2026-11-19T03:00:00Z", "2026-11-20T03:00:00Z", "2026-11-21T03:00:00Z", "2026-11-22T03:00:00Z"],
    import_wh: [12_340, null, 0, 900],
    export_wh: [0, null, 0, 0],
    quality: ["measured", "missing", "measured", "partial"],
  };
  const bars = seriesBars(series, now, createFormat("en"), createTranslate(en, "en"));

  it("are labelled with the day of the meter's zone", () => {
    expect(bars.map((bar) => bar.label)).toEqual(["19", "20", "21", "22"]);
    expect(bars[0]?.title).toBe("Thursday, November 19");
  });

  it("never turn missing into zero", () => {
    expect(bars.map((bar) => bar.value)).toEqual([12_340, null, 0, 900]);
    expect(bars.map((bar) => bar.kind)).toEqual(["measured", "missing", "measured", "ongoing"]);
    expect(bars[1]?.valueText).toBe("–");
    expect(bars[2]?.valueText).toBe("0.00\u00a0kWh");
  });

  it("speak of energy fed into the grid only where there is some", () => {
    expect(bars.every((bar) => bar.exported === undefined)).toBe(true);
    const solar = seriesBars({ ...series, export_wh: [5000, null, 0, 0] }, now, createFormat("en"), createTranslate(en, "en"));
    expect(solar.map((bar) => bar.exported?.amount)).toEqual(["5.00\u00a0kWh", undefined, "0.00\u00a0kWh", "0.00\u00a0kWh"]);
  });
});
