/* The bill on paper, in the language of the page. Its words are here and not in the catalogue, which the first screen has to load. */
import type { Bill } from "@/api/types";
import type { Language } from "@/shared/i18n/catalogue";
import { useI18n } from "@/shared/i18n/i18n";
import { Icon } from "@/shared/ui/icon";

const WORDS: Record<Language, string> = { "pt-BR": "Baixar PDF", en: "Download PDF" };

export function PdfLink({ bill }: { bill: Pick<Bill, "bill_id"> }) {
  const { language } = useI18n();
  return (
    <a className="button button-quiet no-print" href={`/api/v1/bills/${encodeURIComponent(bill.bill_id)}.pdf?lang=${language}`} download>
      <Icon name="bill" size={18} />
      {WORDS[language]}
    </a>
  );
}
