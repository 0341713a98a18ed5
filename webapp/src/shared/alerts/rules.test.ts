import { describe, expect, it } from "vitest";
import { checkRules, draftOf, kwhInput, parseKwh } from "./rules";

describe("kilowatt-hours as written", () => {
  it.each([
    ["12", 12_000],
    ["12,5", 12_500],
    ["12.5", 12_500],
    [" 0,001 ", 1],
    ["19.999", 19_999],
    ["", null],
    ["1.2345", null],
    ["-3", null],
    ["1e3", null],
    ["1.000,5", null],
  ])("%j are %j Wh", (text, wh) => {
    expect(parseKwh(text)).toBe(wh);
  });

  it("come back as they were", () => {
    for (const wh of [1, 10, 500, 12_000, 12_500, 19_999, 1_000_000]) {
      expect(parseKwh(kwhInput(wh, "pt-BR"))).toBe(wh);
      expect(parseKwh(kwhInput(wh, "en"))).toBe(wh);
    }
    expect(kwhInput(12_500, "pt-BR")).toBe("12,5");
  });
});

describe("rules", () => {
  it("are on and automatic where nothing is said", () => {
    expect(draftOf({}, "en")).toEqual({ dayOn: true, dayKwh: "", variationOn: true, percent: "" });
    expect(draftOf({ excess_consumption: null, bill_variation: { enabled: false, percent: 20 } }, "en")).toEqual({
      dayOn: true,
      dayKwh: "",
      variationOn: false,
      percent: "20",
    });
  });

  it("leave out what is automatic", () => {
    expect(checkRules({ dayOn: true, dayKwh: "", variationOn: false, percent: "25" })).toEqual({
      ok: true,
      rules: { excess_consumption: { enabled: true }, bill_variation: { enabled: false, percent: 25 } },
    });
  });

  it("say which field is wrong", () => {
    expect(checkRules({ dayOn: true, dayKwh: "0", variationOn: true, percent: "5" })).toEqual({ ok: false, dayKwh: true, percent: false });
    expect(checkRules({ dayOn: true, dayKwh: "1", variationOn: true, percent: "2.5" })).toEqual({ ok: false, dayKwh: false, percent: true });
    expect(checkRules({ dayOn: true, dayKwh: "many", variationOn: true, percent: "0" })).toEqual({ ok: false, dayKwh: true, percent: true });
  });
});
