/* A typed catalogue over Intl, in i18next's JSON form: `{{name}}` is replaced, `key_one` and `key_other` are the
   plural forms of `key` chosen by the language's own rules for `count`. The English catalogue says which keys
   there are; a key missing in another language, or a value missing in a call, is a type error.
   Pure: no clock, no globals. */
import type { en } from "./messages/en";
import type { operatorEn } from "./messages/operator.en";

export type Language = "pt-BR" | "en";
export const LANGUAGES: readonly Language[] = ["pt-BR", "en"];

/** Both halves: those of operators are there once their screens are (see operator-messages.tsx). */
type English = typeof en & typeof operatorEn;
type Key = Extract<keyof English, string>;
type PluralForm = "one" | "many" | "other";
type Base<K extends string> = K extends `${infer B}_${PluralForm}` ? B : K;

/** What a catalogue of another language must have. */
export type Catalogue = Readonly<Record<Extract<keyof typeof en, string>, string>>;
export type OperatorCatalogue = Readonly<Record<Extract<keyof typeof operatorEn, string>, string>>;
export type MessageKey = Base<Key>;

type Text<K extends MessageKey> = K extends keyof English ? English[K] : `${K}_other` extends keyof English ? English[`${K}_other`] : never;
type Holes<S> = S extends `${string}{{${infer Name}}}${infer Rest}` ? Name | Holes<Rest> : never;
type IsPlural<K> = K extends keyof English ? false : true;
type Values<K extends MessageKey> = { [N in Holes<Text<K>>]: N extends "count" ? number | string : string } & (IsPlural<K> extends true
  ? { count: number }
  : unknown);

export type Translate = <K extends MessageKey>(key: K, ...values: keyof Values<K> extends never ? [] : [Values<K>]) => string;

export function createTranslate(catalogue: Catalogue, language: Language): Translate {
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  const messages: Readonly<Record<string, string | undefined>> = catalogue;

  return (key, ...rest) => {
    const values: Record<string, string | number> = rest[0] ?? {};
    const message = messages[key] ?? pluralOf(messages, key, values["count"], rules);
    return message.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
      const value = values[name] ?? "";
      return typeof value === "number" ? numbers.format(value) : value;
    });
  };
}

function pluralOf(
  messages: Readonly<Record<string, string | undefined>>,
  key: string,
  count: string | number | undefined,
  rules: Intl.PluralRules,
): string {
  const form = rules.select(Number(count ?? 0));
  return messages[`${key}_${form}`] ?? messages[`${key}_other`] ?? key;
}

/** The first of the browser's languages that we speak; English else. */
export function preferredLanguage(stored: string | null, wanted: readonly string[]): Language {
  if (stored === "pt-BR" || stored === "en") return stored;
  for (const tag of wanted) {
    const primary = tag.toLowerCase().split("-")[0];
    if (primary === "pt") return "pt-BR";
    if (primary === "en") return "en";
  }
  return "en";
}
