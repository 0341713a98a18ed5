/* The name of a bill's line or tax in plain words. Ids are the tariff's own, so one that nobody foresaw is shown as
   it is. */
import type { Translate } from "@/shared/i18n/catalogue";

export function lineName(id: string, t: Translate): string {
  const tier = /^(.+)\.tier(\d+)$/.exec(id);
  if (tier) return t("line.tier", { name: lineName(tier[1] ?? id, t), tier: tier[2] ?? "" });
  const [charge = id, window] = id.split(".");
  const name = chargeName(charge, t);
  return window === undefined ? name : `${name} · ${windowName(window, t)}`;
}

function chargeName(id: string, t: Translate): string {
  switch (id) {
    case "energy":
      return t("line.energy");
    case "fixed":
    case "standing":
    case "service":
    case "base":
      return t("line.fixed");
    case "flag":
      return t("line.flag");
    case "minimum":
      return t("line.minimum");
    case "maximum":
      return t("line.maximum");
    case "credits":
      return t("line.credits");
    case "true_up":
      return t("line.true_up");
    case "social":
      return t("line.social");
    case "demand":
      return t("line.demand");
    case "lighting":
    case "public_lighting":
    case "cosip":
    case "cip":
      return t("line.lighting");
    default:
      return taxNames(id) ?? id;
  }
}

const TAXES: readonly string[] = ["icms", "pis", "cofins", "pasep", "vat", "iss"];

/** "icms_pis_cofins" is a tax that stands for three. */
function taxNames(id: string): string | null {
  const parts = id.split("_");
  return parts.every((part) => TAXES.includes(part)) ? parts.join(" + ").toUpperCase() : null;
}

function windowName(id: string, t: Translate): string {
  switch (id) {
    case "off":
      return t("line.window.off");
    case "mid":
      return t("line.window.mid");
    case "peak":
      return t("line.window.peak");
    default:
      return id;
  }
}
