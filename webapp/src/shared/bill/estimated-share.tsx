/* How much of a bill's energy nobody measured where it fell, and for how many cycles that goes on. Nothing where it is none. */
import type { Bill } from "@/api/types";
import { useI18n } from "@/shared/i18n/i18n";

export function EstimatedShare({ bill }: { bill: Bill }) {
  const { t, format } = useI18n();
  const estimated = bill.estimated_wh ?? 0;
  const cycles = bill.estimated_cycles ?? 0;
  if (estimated <= 0) return null;
  return (
    <p className="bill-estimated">
      {t("bill.estimated", { energy: format.energy(estimated), share: format.percent(bill.import_wh > 0 ? Math.round((estimated / bill.import_wh) * 1000) : 0) })}{" "}
      {cycles > 0 ? t("bill.estimated_cycles", { count: cycles }) : ""} {bill.estimated_beyond ? <strong>{t("bill.estimated_beyond")}</strong> : null}
    </p>
  );
}
