import { describe, expect, it } from "vitest";
import { createTranslate, preferredLanguage } from "./catalogue";
import { en } from "./messages/en";
import { operatorEn } from "./messages/operator.en";
import { operatorPtBR } from "./messages/operator.pt-BR";
import { ptBR } from "./messages/pt-BR";

const english: Record<string, string> = { ...en, ...operatorEn };
const portuguese: Record<string, string> = { ...ptBR, ...operatorPtBR };

const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

describe("the catalogues", () => {
  it("have the same keys", () => {
    expect(Object.keys(ptBR).sort()).toEqual(Object.keys(en).sort());
    expect(Object.keys(operatorPtBR).sort()).toEqual(Object.keys(operatorEn).sort());
    expect(Object.keys(en).filter((key) => Object.hasOwn(operatorEn, key))).toEqual([]);
  });

  it("give no message of operators to what a household loads", () => {
    const sources = import.meta.glob<string>(["/src/**/*.{ts,tsx}", "!/src/features/operator/**", "!/src/shared/i18n/**"], { query: "?raw", import: "default", eager: true });
    const bases = Object.keys(operatorEn).map((key) => key.replace(/_(one|many|other)$/, ""));
    for (const [path, source] of Object.entries(sources)) expect(bases.filter((key) => source.includes(`"${key}"`)), path).toEqual([]);
  });

  it.each(Object.keys(english))("%s has the same values to fill in, and words, in both", (key) => {
    expect(holes(portuguese[key] ?? "")).toEqual(holes(english[key] ?? ""));
    expect(portuguese[key]?.trim()).not.toBe("");
  });
});

describe("translate", () => {
  const t = createTranslate(ptBR, "pt-BR");

  it("fills values in", () => {
    expect(t("bills.span", { from: "a", to: "b" })).toBe("a a b");
  });

  it("chooses the plural by the language: in Portuguese zero is singular", () => {
    expect(t("unit.days", { count: 0 })).toBe("0 dia");
    expect(t("unit.days", { count: 1 })).toBe("1 dia");
    expect(t("unit.days", { count: 2 })).toBe("2 dias");
    expect(createTranslate(en, "en")("unit.days", { count: 0 })).toBe("0 days");
  });

  it("writes counts in the language, also where it has a form for millions", () => {
    expect(t("fleet.count", { count: 10_000 })).toBe("10.000 medidores");
    expect(t("fleet.count", { count: 1_000_000 })).toBe("1.000.000 medidores");
  });
});

describe("the preferred language", () => {
  it.each([
    [null, ["pt-PT", "en"], "pt-BR"],
    [null, ["de", "en-GB"], "en"],
    [null, ["de", "pt"], "pt-BR"],
    [null, ["ja"], "en"],
    ["en", ["pt-BR"], "en"],
    ["klingon", ["pt-BR"], "pt-BR"],
  ])("stored %s, browser %j: %s", (stored, wanted, language) => {
    expect(preferredLanguage(stored, wanted)).toBe(language);
  });
});
