/* Numbers, money and time as a person reads them, through Intl in the chosen language. Energy comes in Wh and power
   in W, whole numbers; money in minor units with the digits its bill states, and is only ever shown: nothing here
   adds or multiplies it. Dates are shown in the zone that is passed in, the meter's.
   Pure, but for Intl's own tables; formatters are made once per language and kept. */
import type { Language } from "./catalogue";

/** A number and its unit apart, for a large number with a small unit. */
export interface Quantity {
  value: string;
  unit: string;
}

export interface Format {
  language: Language;
  number: (value: number, digits?: number) => string;
  /** A decimal string of the API, digit for digit. */
  decimal: (text: string, maxDigits?: number) => string;
  percent: (permille: number) => string;
  energy: (wh: number, digits?: number) => string;
  energyParts: (wh: number, digits?: number) => Quantity;
  power: (w: number) => string;
  powerParts: (w: number) => Quantity;
  money: (amountMinor: number, currency: string, minorDigits: number) => string;
  /** A price per unit, from the API's decimal text: at least the digits of money, at most six. */
  price: (text: string, currency: string) => string;
  /** 12 mar. */
  day: (instant: Instant, tz: string) => string;
  /** The day of the month alone. */
  dayNumber: (instant: Instant, tz: string) => string;
  weekday: (instant: Instant, tz: string) => string;
  /** quinta-feira, 12 de março */
  dayLong: (instant: Instant, tz: string) => string;
  month: (instant: Instant, tz: string) => string;
  monthLong: (instant: Instant, tz: string) => string;
  time: (instant: Instant, tz: string) => string;
  timeSeconds: (instant: Instant, tz: string) => string;
  dateTime: (instant: Instant, tz: string) => string;
  /** A local date of the contract, YYYY-MM-DD, which has no zone. */
  localDate: (date: string) => string;
  localDateLong: (date: string) => string;
  /** "3 minutes ago" */
  ago: (milliseconds: number) => string;
  compact: (value: number) => string;
}

export type Instant = string | number | Date;

const NBSP = "\u00a0";

/** Minor units as the exact decimal text: (-5, 2) is "-0.05". */
export function minorToDecimal(amountMinor: number, digits: number): string {
  const sign = amountMinor < 0 ? "-" : "";
  const text = String(Math.abs(amountMinor)).padStart(digits + 1, "0");
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

function keep<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const fresh = make(key);
    made.set(key, fresh);
    return fresh;
  };
}

type DateOptions = Intl.DateTimeFormatOptions;

const DAY: DateOptions = { day: "numeric", month: "short" };
const WEEKDAY: DateOptions = { weekday: "short" };
const DAY_LONG: DateOptions = { weekday: "long", day: "numeric", month: "long" };
const MONTH: DateOptions = { month: "short" };
const MONTH_LONG: DateOptions = { month: "long", year: "numeric" };
const TIME: DateOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const TIME_SECONDS: DateOptions = { ...TIME, second: "2-digit" };
const DATE_TIME: DateOptions = { ...DAY, ...TIME };
const DATE_LONG: DateOptions = { day: "numeric", month: "long", year: "numeric" };

export function createFormat(language: Language): Format {
  const numbers = keep((digits) => new Intl.NumberFormat(language, { minimumFractionDigits: Number(digits), maximumFractionDigits: Number(digits) }));
  const decimals = keep((digits) => new Intl.NumberFormat(language, { maximumFractionDigits: Number(digits) }));
  const percents = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  const compacts = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
  const prices = keep((currency) => new Intl.NumberFormat(language, { style: "currency", currency, minimumFractionDigits: 2, maximumFractionDigits: 6 }));
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const money = keep((key) => {
    const [currency = "BRL", digits = "2"] = key.split(" ");
    return new Intl.NumberFormat(language, {
      style: "currency",
      currency,
      minimumFractionDigits: Number(digits),
      maximumFractionDigits: Number(digits),
    });
  });
  const dates = (options: DateOptions) => {
    const formats = keep((tz) => new Intl.DateTimeFormat(language, { ...options, timeZone: tz }));
    // Portuguese abbreviates months with a dot, which would stand before another dot at the end of a sentence.
    return (instant: Instant, tz: string) => formats(tz).format(new Date(instant)).replace(/\./g, "");
  };

  const number = (value: number, digits = 0) => numbers(String(digits)).format(value);
  const energyParts = (wh: number, digits?: number): Quantity => {
    const size = Math.abs(wh);
    if (size >= 100_000_000_000_000) return { value: number(wh / 1_000_000_000_000, digits ?? 1), unit: "TWh" };
    if (size >= 100_000_000_000) return { value: number(wh / 1_000_000_000, digits ?? 1), unit: "GWh" };
    if (size >= 100_000_000) return { value: number(wh / 1_000_000, digits ?? 1), unit: "MWh" };
    return { value: number(wh / 1000, digits ?? (size < 10_000 ? 2 : size < 1_000_000 ? 1 : 0)), unit: "kWh" };
  };
  const powerParts = (w: number): Quantity => {
    const size = Math.abs(w);
    if (size < 1000) return { value: number(w), unit: "W" };
    if (size >= 10_000_000) return { value: number(w / 1_000_000, 1), unit: "MW" };
    return { value: number(w / 1000, size < 100_000 ? 2 : 0), unit: "kW" };
  };
  const join = (quantity: Quantity) => quantity.value + NBSP + quantity.unit;
  const localDate = dates(DAY);
  const localDateLong = dates(DATE_LONG);

  return {
    language,
    number,
    decimal: (text, maxDigits = 9) => decimals(String(maxDigits)).format(text as unknown as number),
    percent: (permille) => percents.format(permille / 1000),
    energyParts,
    energy: (wh, digits) => join(energyParts(wh, digits)),
    powerParts,
    power: (w) => join(powerParts(w)),
    // Intl takes decimal text and keeps every digit; a division would pass through floating point.
    money: (amountMinor, currency, minorDigits) =>
      money(`${currency} ${minorDigits}`).format(minorToDecimal(amountMinor, minorDigits) as unknown as number),
    price: (text, currency) => prices(currency).format(text as unknown as number),
    day: dates(DAY),
    dayNumber: dates({ day: "numeric" }),
    weekday: dates(WEEKDAY),
    dayLong: dates(DAY_LONG),
    month: dates(MONTH),
    monthLong: dates(MONTH_LONG),
    time: dates(TIME),
    timeSeconds: dates(TIME_SECONDS),
    dateTime: dates(DATE_TIME),
    localDate: (date) => localDate(`${date}T00:00:00Z`, "UTC"),
    localDateLong: (date) => localDateLong(`${date}T00:00:00Z`, "UTC"),
    ago: (milliseconds) => agoText(relative, milliseconds),
    compact: (value) => compacts.format(value),
  };
}

function agoText(relative: Intl.RelativeTimeFormat, milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return relative.format(-seconds, "second");
  if (seconds < 3600) return relative.format(-Math.round(seconds / 60), "minute");
  if (seconds < 86_400) return relative.format(-Math.round(seconds / 3600), "hour");
  return relative.format(-Math.round(seconds / 86_400), "day");
}
