import { describe, expect, it } from "vitest";
import { createFormat, minorToDecimal } from "./format";

const pt = createFormat("pt-BR");
const en = createFormat("en");
const plain = (text: string) => text.replace(/\u00a0/g, " ");

describe("money", () => {
  it.each([
    [0, 2, "0.00"],
    [5, 2, "0.05"],
    [-5, 2, "-0.05"],
    [123456, 2, "1234.56"],
    [123, 0, "123"],
    [1, 4, "0.0001"],
    [9007199254740991, 2, "90071992547409.91"],
  ])("%i minor units with %i digits are %s", (minor, digits, text) => {
    expect(minorToDecimal(minor, digits)).toBe(text);
  });

  it("is written as the language writes it", () => {
    expect(plain(pt.money(23877, "BRL", 2))).toBe("R$ 238,77");
    expect(plain(en.money(23877, "BRL", 2))).toBe("R$238.77");
    expect(plain(pt.money(-100, "BRL", 2))).toBe("-R$ 1,00");
  });

  it("keeps every digit of an amount that floating point could not hold", () => {
    expect(plain(pt.money(9007199254740991, "BRL", 2))).toBe("R$ 90.071.992.547.409,91");
  });

  it("shows a price with the digits it was given, at least those of money", () => {
    expect(plain(pt.price("0.65620", "BRL"))).toBe("R$ 0,6562");
    expect(plain(en.price("12.5", "BRL"))).toBe("R$12.50");
  });
});

describe("energy and power", () => {
  it.each([
    [0, "0,00 kWh"],
    [850, "0,85 kWh"],
    [12345, "12,3 kWh"],
    [1234567, "1.235 kWh"],
    [123456789, "123,5 MWh"],
    [123456789012, "123,5 GWh"],
    [9007199254740991, "9.007,2 TWh"],
  ])("%i Wh are %s", (wh, text) => {
    expect(plain(pt.energy(wh))).toBe(text);
  });

  it.each([
    [0, "0 W"],
    [999, "999 W"],
    [1000, "1.00 kW"],
    [-2350, "-2.35 kW"],
    [12_000_000, "12.0 MW"],
  ])("%i W are %s", (w, text) => {
    expect(plain(en.power(w))).toBe(text);
  });
});

describe("time", () => {
  it("is shown in the zone of the meter, whatever the zone of the browser", () => {
    expect(pt.time("2026-11-22T02:30:00Z", "America/Sao_Paulo")).toBe("23:30");
    expect(pt.day("2026-11-22T02:30:00Z", "America/Sao_Paulo")).toBe("21 de nov");
    expect(en.day("2026-11-22T02:30:00Z", "Europe/Paris")).toBe("Nov 22");
  });

  it("shows a local date without moving it", () => {
    expect(pt.localDateLong("2026-11-01")).toBe("1 de novembro de 2026");
  });

  it("says how long ago", () => {
    expect(pt.ago(0)).toBe("agora");
    expect(en.ago(3000)).toBe("3 seconds ago");
    expect(pt.ago(180_000)).toBe("há 3 minutos");
    expect(en.ago(-5000)).toBe("now");
  });
});
