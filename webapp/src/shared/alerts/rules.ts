/* The rules as a person writes them (kWh, percent; empty for the rule by default) and as the API keeps them. Pure. */
import type { AlertRules } from "@/api/types";
import type { Language } from "@/shared/i18n/catalogue";

export interface RulesDraft {
  dayOn: boolean;
  dayKwh: string;
  variationOn: boolean;
  percent: string;
}

export const DAY_WH_MAX = 100_000_000_000;
export const PERCENT_MAX = 100_000;

/** "12,5" or "12.5" kWh as whole Wh, without floating point; null when it is not a number. */
export function parseKwh(text: string): number | null {
  const match = /^(\d{1,9})(?:[.,](\d{1,3}))?$/.exec(text.trim());
  if (!match) return null;
  return Number(match[1]) * 1000 + Number((match[2] ?? "").padEnd(3, "0"));
}

/** Wh as kWh for an input: no grouping, the language's decimal sign, no zeros at the end. */
export function kwhInput(wh: number, language: Language): string {
  const whole = Math.trunc(wh / 1000);
  const rest = String(wh % 1000).padStart(3, "0").replace(/0+$/, "");
  return rest === "" ? String(whole) : `${whole}${language === "pt-BR" ? "," : "."}${rest}`;
}

export function draftOf(rules: AlertRules, language: Language): RulesDraft {
  const day = rules.excess_consumption;
  const variation = rules.bill_variation;
  return {
    dayOn: day?.enabled ?? true,
    dayKwh: day?.day_wh === undefined ? "" : kwhInput(day.day_wh, language),
    variationOn: variation?.enabled ?? true,
    percent: String(variation?.percent ?? ""),
  };
}

export type Checked = { ok: true; rules: AlertRules } | { ok: false; dayKwh: boolean; percent: boolean };

export function checkRules(draft: RulesDraft): Checked {
  const dayWh = draft.dayKwh.trim() === "" ? undefined : (parseKwh(draft.dayKwh) ?? NaN);
  const dayBad = dayWh !== undefined && !(dayWh >= 1 && dayWh <= DAY_WH_MAX);
  const text = draft.percent.trim();
  const percent = text === "" ? undefined : /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  const percentBad = percent !== undefined && !(percent >= 1 && percent <= PERCENT_MAX);
  if (dayBad || percentBad) return { ok: false, dayKwh: dayBad, percent: percentBad };
  return {
    ok: true,
    rules: {
      excess_consumption: { enabled: draft.dayOn, ...(dayWh === undefined ? {} : { day_wh: dayWh }) },
      bill_variation: { enabled: draft.variationOn, ...(percent === undefined ? {} : { percent }) },
    },
  };
}
