/* The chosen language: its messages and its formats. A language is one chunk, loaded when it is chosen, and
   begun before the first render (see main.tsx), so that nothing is shown in the wrong language first. */
import { createContext, use, useCallback, useMemo, useState, useTransition, type ReactNode } from "react";
import { createTranslate, preferredLanguage, type Catalogue, type Language, type Translate } from "./catalogue";
import { createFormat, type Format } from "./format";
import { readStored, writeStored } from "@/shared/lib/stored";

export interface I18n {
  language: Language;
  setLanguage: (language: Language) => void;
  t: Translate;
  format: Format;
  catalogue: Catalogue;
}

const STORED = "quilowatt.language";
export const I18nContext = createContext<I18n | null>(null);

export async function loadCatalogue(language: Language): Promise<Catalogue> {
  return language === "pt-BR" ? (await import("./messages/pt-BR")).ptBR : (await import("./messages/en")).en;
}

export function initialLanguage(): Language {
  return preferredLanguage(readStored(STORED), navigator.languages);
}

export interface I18nProviderProps {
  language: Language;
  catalogue: Catalogue;
  children: ReactNode;
}

export function I18nProvider({ language, catalogue, children }: I18nProviderProps) {
  const [chosen, setChosen] = useState({ language, catalogue });
  const [, startTransition] = useTransition();

  const setLanguage = useCallback((next: Language) => {
    writeStored(STORED, next);
    startTransition(async () => {
      const loaded = await loadCatalogue(next);
      startTransition(() => {
        document.documentElement.lang = next;
        setChosen({ language: next, catalogue: loaded });
      });
    });
  }, []);

  const value = useMemo<I18n>(
    () => ({
      language: chosen.language,
      setLanguage,
      t: createTranslate(chosen.catalogue, chosen.language),
      format: createFormat(chosen.language),
      catalogue: chosen.catalogue,
    }),
    [chosen, setLanguage],
  );
  return <I18nContext value={value}>{children}</I18nContext>;
}

export function useI18n(): I18n {
  const value = use(I18nContext);
  if (value === null) throw new Error("useI18n outside of I18nProvider");
  return value;
}
