import { describe, expect, it } from "vitest";
import { createTranslate } from "@/shared/i18n/catalogue";
import { ptBR } from "@/shared/i18n/messages/pt-BR";
import { cycleDays } from "./cycle";
import { lineName } from "./line-name";

describe("the days of a cycle", () => {
  const bill = { cycle_from: "2026-11-05", cycle_until: "2026-12-05" };
  it.each([
    ["2026-11-05", 1],
    ["2026-11-22", 18],
    ["2026-12-04", 30],
    ["2026-12-05", 30],
    ["2026-11-01", 1],
  ])("on %s it is day %i", (today, day) => {
    expect(cycleDays(bill, today)).toEqual({ last: "2026-12-04", length: 30, day });
  });
});

describe("the name of a line", () => {
  const t = createTranslate(ptBR, "pt-BR");
  it.each([
    ["energy", "Energia"],
    ["energy.tier2", "Energia, faixa 2"],
    ["energy.peak", "Energia · ponta"],
    ["icms", "ICMS"],
    ["icms_pis_cofins", "ICMS + PIS + COFINS"],
    ["public_lighting", "Iluminação pública"],
    ["something_new", "something_new"],
  ])("%s is %s", (id, name) => {
    expect(lineName(id, t)).toBe(name);
  });
});
