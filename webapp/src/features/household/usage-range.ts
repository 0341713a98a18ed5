/* The stretches that the usage screen steps through, as local dates, half-open. Pure. */
import type { Bucket } from "@/api/types";
import { addDays, monthStart, weekStart } from "@/shared/lib/local-date";

export type View = "day" | "week" | "month" | "year";
export const VIEWS: readonly View[] = ["day", "week", "month", "year"];

export const BUCKET_OF: Record<View, Bucket> = { day: "quarter_hour", week: "hour", month: "day", year: "month" };

export interface Range {
  from: string;
  until: string;
}

function yearStart(date: string, years = 0): string {
  return `${String(Number(date.slice(0, 4)) + years).padStart(4, "0")}-01-01`;
}

/** The stretch of `view` that holds `date`. */
export function rangeOf(view: View, date: string): Range {
  switch (view) {
    case "day":
      return { from: date, until: addDays(date, 1) };
    case "week":
      return { from: weekStart(date), until: addDays(weekStart(date), 7) };
    case "month":
      return { from: monthStart(date), until: monthStart(date, 1) };
    case "year":
      return { from: yearStart(date), until: yearStart(date, 1) };
  }
}

/** A date in the stretch before (-1) or after (1) the one that holds `date`. */
export function step(view: View, date: string, by: -1 | 1): string {
  const { from, until } = rangeOf(view, date);
  return by === 1 ? until : addDays(from, -1);
}

export function parseView(text: string | null): View {
  return VIEWS.find((view) => view === text) ?? "day";
}

export function parseDate(text: string | null, today: string): string {
  return text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && text <= today ? text : today;
}
