import { describe, expect, it } from "vitest";
import type { Estimate, MeterEvent, QualityDay, Verdict } from "@/api/types";
import { createTranslate } from "@/shared/i18n/catalogue";
import { createFormat } from "@/shared/i18n/format";
import { en } from "@/shared/i18n/messages/en";
import { operatorEn } from "@/shared/i18n/messages/operator.en";
import { partsOf } from "./day-parts";
import { daySentence } from "./day-strip";
import { eventText } from "./event-text";
import { byDay, storyOf } from "./story";
import { stretchOf } from "./story-page";

const t = createTranslate({ ...en, ...operatorEn }, "en");
const format = createFormat("en");
const day = (part: Partial<QualityDay>): QualityDay => ({
  day: "2026-11-21", meter_id: "casa-1", tz: "America/Sao_Paulo", district: null, slots_expected: 96, slots_measured: 96, slots_estimated: 0, slots_partial: 0, slots_missing: 0,
  slots_edited: 0, present_permille: 1000, import_wh: 9600, readings_expected: 96, readings_received: 96, ...part,
});
const event = (part: Partial<MeterEvent>): MeterEvent => ({ event: "tamper", ts: "2026-11-22T02:00:00Z", received: "2026-11-22T02:00:01Z", document: null, ...part });

describe("a story", () => {
  const verdict = { place: "neighbours", at: "2026-11-22T04:00:00Z", verdict: "transient", meter_id: "casa-1", kind: "register", channel: "1.8.0", value_wh: 0 } as Verdict;
  const found = { place: "over_time", at: "2026-11-21T00:00:00Z", day: "2026-11-21", from: "2026-11-21T10:00:00Z", verdict: "spike", meter_id: "casa-1" } as Verdict;
  const decision = { estimate_id: "estimate-1", at: "2026-11-30T10:00:00Z" } as Estimate;
  const parts = { tz: "America/Sao_Paulo", verdicts: [found, verdict], events: [event({})], outages: [], decisions: [decision], days: [day({}), day({ day: "2026-11-22" }), day({ day: "2026-11-20", slots_expected: 0 })] };

  it("is newest first by the meter's days, each begun by its sum; what lies outside is left out", () => {
    expect(byDay(storyOf(parts, "2026-11-20", "2026-11-23")).map((one) => [one.day, one.items.map((item) => item.kind)])).toEqual([
      ["2026-11-22", ["days", "verdicts"]],
      ["2026-11-21", ["days", "events", "checks"]], // 23:00 in Sao Paulo
    ]);
  });
});

describe("a day of the strip", () => {
  it("is cut into what its quarter-hours are, from below", () => {
    expect(partsOf(day({ slots_measured: 48, slots_estimated: 24, slots_missing: 24 }))).toEqual([
      { kind: "measured", from: 0, share: 0.5 },
      { kind: "estimated", from: 0.5, share: 0.25 },
      { kind: "missing", from: 0.75, share: 0.25 },
    ]);
    expect(partsOf(day({ slots_expected: 0, slots_measured: 0 }))).toEqual([]);
  });

  it("says it in a sentence", () => {
    expect(daySentence(day({ slots_measured: 90, slots_edited: 2, slots_partial: 1, slots_missing: 3, readings_received: 90 }), t, format)).toBe(
      "90 of 96 quarter-hours measured, 2 corrected, 1 in part, 3 missing. 90 of 96 readings came.",
    );
    expect(daySentence(day({ slots_expected: 0 }), t, format)).toBe("Nothing was expected.");
  });
});

describe("an event", () => {
  it.each<[Partial<MeterEvent>, RegExp]>([
    [{ event: "exchange", document: { old: { serial: "A1", final_wh: 5000 }, new: { serial: "B2", start_wh: 7 } } }, /^Device A1 went with 5\.000.kWh; B2 came with 0\.007.kWh\./],
    [{ event: "exchange", document: { old: 3 } }, /^The device was exchanged\.$/],
    [{ event: "command", document: { command_id: "c-1", result: "refused" } }, /^Command c-1 was refused/],
    [{ event: "command", document: null }, /^The meter answered a command\.$/],
    [{ event: "clock_set" }, /clock was set/],
  ])("%j is told", (part, words) => {
    expect(eventText(event(part), t, format)).toMatch(words);
  });
});

describe("the stretch of a story", () => {
  const of = (text: string) => stretchOf(new URLSearchParams(text), "2026-11-22");
  it("is the last fourteen days, or what the address says, at most 62 days", () => {
    expect(of("")).toMatchObject({ from: "2026-11-09", until: "2026-11-23" });
    expect(of("from=2026-11-01&to=2026-11-02")).toMatchObject({ from: "2026-11-01", until: "2026-11-03" });
    expect(of("from=2020-01-01&to=2026-11-02")).toMatchObject({ from: "2026-09-02", until: "2026-11-03" });
    expect(of("from=2026-11-05&to=2026-11-02")).toMatchObject({ from: "2026-11-02", until: "2026-11-03" });
  });
  it("leaves out kinds", () => {
    expect(of("without=days,events").kinds).toEqual(["verdicts", "checks", "outages", "decisions"]);
  });
});
