/* The messages that only operators read, on top of those of everybody, for the screens inside. One chunk per language, loaded with the first of them. */
import { use, useMemo } from "react";
import { Outlet } from "react-router";
import { createTranslate, type Language, type OperatorCatalogue } from "./catalogue";
import { I18nContext, useI18n } from "./i18n";

const loading = new Map<Language, Promise<OperatorCatalogue>>();

function load(language: Language): Promise<OperatorCatalogue> {
  const known = loading.get(language);
  if (known !== undefined) return known;
  const begun: Promise<OperatorCatalogue> =
    language === "pt-BR" ? import("./messages/operator.pt-BR").then((module) => module.operatorPtBR) : import("./messages/operator.en").then((module) => module.operatorEn);
  // A chunk that did not come is asked for again, not remembered as missing.
  begun.catch(() => loading.delete(language));
  loading.set(language, begun);
  return begun;
}

export function OperatorMessages() {
  const everybody = useI18n();
  const extra = use(load(everybody.language));
  const value = useMemo(
    () => ({ ...everybody, t: createTranslate({ ...everybody.catalogue, ...extra }, everybody.language) }),
    [everybody, extra],
  );
  return (
    <I18nContext value={value}>
      <Outlet />
    </I18nContext>
  );
}
