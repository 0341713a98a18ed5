/* Local dates (YYYY-MM-DD) as the contract has them: calendar arithmetic without a zone, and the date that an instant
   falls on in a zone. Pure. */

const DAY_MS = 86_400_000;

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

/** The first day of the month that lies `months` after the month of `date`. */
export function monthStart(date: string, months = 0): string {
  const [year = 1970, month = 1] = date.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10);
}

const zones = new Map<string, Intl.DateTimeFormat>();

export function dateIn(tz: string, instant: number | string): string {
  let format = zones.get(tz);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-CA", { timeZone: tz, year: "numeric", month: "2-digit", day: "2-digit" });
    zones.set(tz, format);
  }
  return format.format(new Date(instant));
}

/** Monday of the week of `date`. */
export function weekStart(date: string): string {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return addDays(date, -((weekday + 6) % 7));
}

const walls = new Map<string, Intl.DateTimeFormat>();

/** The wall clock of an instant in a zone, as YYYY-MM-DDTHH:MM. */
export function wallIn(tz: string, instant: number | string): string {
  let format = walls.get(tz);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("sv-SE", { timeZone: tz, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    walls.set(tz, format);
  }
  return format.format(new Date(instant)).replace(" ", "T");
}

/** The instant at which the wall clock of a zone shows YYYY-MM-DDTHH:MM; of an hour that comes twice the first, NaN where it is none. An hour that is left
    out is taken as after the change. */
export function instantOfWall(tz: string, wall: string): number {
  const asUtc = Date.parse(`${wall}:00Z`);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(wall) || Number.isNaN(asUtc)) return NaN;
  const offset = (instant: number) => Date.parse(`${wallIn(tz, instant)}:00Z`) - Math.floor(instant / 60_000) * 60_000;
  const candidates = [asUtc - offset(asUtc - DAY_MS), asUtc - offset(asUtc + DAY_MS)].sort((a, b) => a - b);
  return candidates.find((instant) => wallIn(tz, instant) === wall) ?? candidates[1] ?? NaN;
}
