/* The bills of one meter: the open one, then the cycles that are over. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { queries } from "@/api/queries";
import type { Bill, MyMeter } from "@/api/types";
import { isPriced } from "@/shared/bill/cycle";
import { useI18n } from "@/shared/i18n/i18n";
import { addDays } from "@/shared/lib/local-date";
import { billPath } from "@/shared/lib/paths";
import { useSelectedMeter } from "@/shared/meters/selected";
import { Chip, type Tone } from "@/shared/ui/chip";
import { Icon } from "@/shared/ui/icon";
import { Page } from "@/shared/ui/page";
import { QueryView } from "@/shared/ui/query-view";
import { Empty, Skeleton } from "@/shared/ui/states";
import { WithMeter } from "./with-meter";

export function BillsPage() {
  const { t } = useI18n();
  return <WithMeter title={t("nav.bills")}>{(meter) => <Bills key={meter.meter_id} meter={meter} />}</WithMeter>;
}

function Bills({ meter }: { meter: MyMeter }) {
  const { t } = useI18n();
  const { search } = useSelectedMeter();
  const bills = useInfiniteQuery(queries.bills(meter.meter_id));
  return (
    <Page
      title={t("nav.bills")}
      lead={t("bills.lead")}
      actions={
        <Link className="button button-quiet" to={{ pathname: "/tariffs", search }}>
          {t("compare.title")}
        </Link>
      }
    >
      <QueryView query={bills} skeleton={<Skeleton height={420} />}>
        {(data) => {
          const all = data.pages.flatMap((page) => page.items);
          if (all.length === 0) return <Empty icon="bill" title={t("bill.none.title")} reason={t("bill.none.reason")} />;
          return (
            <>
              <ul className="bill-list card">
                {all.map((bill) => (
                  <BillRow key={bill.bill_id} bill={bill} />
                ))}
              </ul>
              {bills.hasNextPage ? (
                <button type="button" className="button" disabled={bills.isFetchingNextPage} onClick={() => void bills.fetchNextPage()}>
                  {t("action.more")}
                </button>
              ) : null}
            </>
          );
        }}
      </QueryView>
    </Page>
  );
}

export const BILL_TONES: Record<Bill["state"], Tone> = { open: "info", draft: "neutral", issued: "good", adjusted: "warn" };

function BillRow({ bill }: { bill: Bill }) {
  const { t, format } = useI18n();
  const { search } = useSelectedMeter();
  const from = format.localDate(bill.cycle_from);
  const to = format.localDateLong(addDays(bill.cycle_until, -1));
  return (
    <li>
      <Link className="bill-row" to={{ pathname: billPath(bill.bill_id), search }}>
        <span className="bill-row-main">
          <strong>{t("bills.span", { from, to })}</strong>
          <span className="bill-row-note">
            {format.energy(bill.import_wh)} · {t("unit.days", { count: bill.days })}
            {bill.complete ? "" : ` · ${t("bill.incomplete")}`}
          </span>
        </span>
        <Chip tone={BILL_TONES[bill.state]}>{t(`bill.state.${bill.state}`)}</Chip>
        <span className="bill-row-amount">{isPriced(bill) ? format.money(bill.total_minor, bill.currency, bill.minor) : t("value.none")}</span>
        <Icon name="right" size={18} />
      </Link>
    </li>
  );
}
