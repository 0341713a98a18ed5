/* Facts of a bill that several screens ask for. Pure. */
import type { Bill } from "@/api/types";
import { addDays, daysBetween } from "@/shared/lib/local-date";

/** False while no tariff is known: then there are no lines and no money. */
export function isPriced(bill: Pick<Bill, "tariff">): boolean {
  return bill.tariff.id !== "";
}

export interface CycleDays {
  /** The last day that counts, for people; `cycle_until` is the day after it. */
  last: string;
  length: number;
  /** Which day of the cycle `today` is, from 1 to `length`. */
  day: number;
}

export function cycleDays(bill: Pick<Bill, "cycle_from" | "cycle_until">, today: string): CycleDays {
  const length = daysBetween(bill.cycle_from, bill.cycle_until);
  const day = Math.max(1, Math.min(length, daysBetween(bill.cycle_from, today) + 1));
  return { last: addDays(bill.cycle_until, -1), length, day };
}
