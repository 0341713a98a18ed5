/* A meter's story: what was judged, told, decided and found of it, and how whole its days are, as one list, newest first. Pure. */
import type { Estimate, MeterEvent, Outages, QualityDay, Verdict } from "@/api/types";
import { dateIn } from "@/shared/lib/local-date";
import { verdictKey } from "./verdict-key";

export const STORY_KINDS = ["verdicts", "checks", "events", "outages", "decisions", "days"] as const;
export type StoryKind = (typeof STORY_KINDS)[number];

export type StoryItem = { key: string; atUtcMs: number; day: string } & (
  | { kind: "verdicts"; verdict: Verdict }
  | { kind: "checks"; verdict: Verdict }
  | { kind: "events"; event: MeterEvent }
  | { kind: "outages"; outage: Outages["items"][number] }
  | { kind: "decisions"; decision: Estimate }
  | { kind: "days"; quality: QualityDay }
);

export interface StoryParts {
  tz: string;
  verdicts: readonly Verdict[];
  events: readonly MeterEvent[];
  outages: Outages["items"];
  decisions: readonly Estimate[];
  days: readonly QualityDay[];
}

/** Within [from, to) of local dates. A finding stands with its day's others, a day's sum at its end. */
export function storyOf(parts: StoryParts, from: string, to: string): StoryItem[] {
  const { tz } = parts;
  const on = (instant: string) => ({ atUtcMs: Date.parse(instant), day: dateIn(tz, instant) });
  const items: StoryItem[] = [
    ...parts.verdicts.map((verdict): StoryItem =>
      verdict.place === "over_time"
        ? { key: verdictKey(verdict), kind: "checks", verdict, atUtcMs: Date.parse(verdict.from), day: verdict.day }
        : { key: verdictKey(verdict), kind: "verdicts", verdict, ...on(verdict.at) },
    ),
    ...parts.events.map((event, i): StoryItem => ({ key: `event ${event.ts} ${event.event} ${event.received} ${i}`, kind: "events", event, ...on(event.ts) })),
    ...parts.outages.map((outage): StoryItem => ({ key: `outage ${outage.from}`, kind: "outages", outage, ...on(outage.from) })),
    ...parts.decisions.map((decision): StoryItem => ({ key: decision.estimate_id, kind: "decisions", decision, ...on(decision.at) })),
    ...parts.days.filter((quality) => quality.slots_expected > 0).map((quality): StoryItem => ({ key: `day ${quality.day}`, kind: "days", quality, atUtcMs: Infinity, day: quality.day })),
  ];
  return items
    .filter((item) => item.day >= from && item.day < to)
    .sort((a, b) => (a.day === b.day ? order(b.atUtcMs, a.atUtcMs) : a.day < b.day ? 1 : -1));
}

function order(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** The days of the story, each with its items, in its order. */
export function byDay(items: readonly StoryItem[]): { day: string; items: StoryItem[] }[] {
  const days: { day: string; items: StoryItem[] }[] = [];
  for (const item of items) {
    const last = days.at(-1);
    if (last?.day === item.day) last.items.push(item);
    else days.push({ day: item.day, items: [item] });
  }
  return days;
}
