/* What is shown, to take away: the quarter-hours of the range as files. The words are here and not in the catalogue, which the first screen has to load. */
import type { Language } from "@/shared/i18n/catalogue";
import { useI18n } from "@/shared/i18n/i18n";
import type { Range } from "./usage-range";

const WORDS: Record<Language, string> = { "pt-BR": "Baixar os quartos de hora deste período:", en: "Download the quarter-hours of this period:" };

export function UsageFiles({ meterId, range }: { meterId: string; range: Range }) {
  const { language } = useI18n();
  const file = (name: string) => `/api/v1/meters/${encodeURIComponent(meterId)}/${name}?from=${range.from}&to=${range.until}`;
  return (
    <p className="figure-note no-print">
      {WORDS[language]}{" "}
      <a href={file("export.csv")} download>
        CSV
      </a>
      {" · "}
      <a href={file("greenbutton.xml")} download>
        Green Button
      </a>
    </p>
  );
}
