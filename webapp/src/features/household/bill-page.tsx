/* One bill with its lines. The open one is live: its query is shared with the home screen. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { isStatus } from "@/api/errors";
import { queries } from "@/api/queries";
import type { Bill } from "@/api/types";
import { BillLines } from "@/shared/bill/bill-lines";
import { BillSummary } from "@/shared/bill/bill-summary";
import { EstimatedShare } from "@/shared/bill/estimated-share";
import { PdfLink } from "@/shared/bill/pdf-link";
import { isPriced } from "@/shared/bill/cycle";
import { useI18n } from "@/shared/i18n/i18n";
import { addDays } from "@/shared/lib/local-date";
import { meterPath } from "@/shared/lib/paths";
import { useNow } from "@/shared/lib/use-now";
import { useSelectedMeter } from "@/shared/meters/selected";
import { isOperator, useMe } from "@/shared/session/session";
import { Chip } from "@/shared/ui/chip";
import { Icon } from "@/shared/ui/icon";
import { Page } from "@/shared/ui/page";
import { QueryView } from "@/shared/ui/query-view";
import { Empty, Skeleton } from "@/shared/ui/states";
import { BILL_TONES } from "./bills-page";

export function BillPage() {
  const { billId = "" } = useParams();
  const { t } = useI18n();
  const { search } = useSelectedMeter();
  const bill = useQuery({ ...queries.billById(billId), refetchInterval: 60_000 });
  const operator = isOperator(useMe());
  const back = operator ? (
    <Link className="back-link" to={bill.data ? meterPath(bill.data.meter_id) : "/fleet"}>
      <Icon name="left" size={18} />
      {bill.data?.meter_id ?? t("nav.fleet")}
    </Link>
  ) : (
    <Link className="back-link" to={{ pathname: "/bills", search }}>
      <Icon name="left" size={18} />
      {t("nav.bills")}
    </Link>
  );
  if (isStatus(bill.error, 404)) {
    return (
      <Page title={t("bill.title")} back={back}>
        <Empty icon="bill" title={t("bill.unknown.title")} reason={t("bill.unknown.reason")} />
      </Page>
    );
  }
  return (
    <Page
      title={t("bill.title")}
      back={back}
      actions={
        <>
          <button type="button" className="button button-quiet no-print" onClick={() => window.print()}>
            <Icon name="print" size={18} />
            {t("action.print")}
          </button>
          {bill.data ? <PdfLink bill={bill.data} /> : null}
        </>
      }
    >
      <QueryView query={bill} skeleton={<Skeleton height={560} />}>
        {(data) => <BillBody bill={data} />}
      </QueryView>
    </Page>
  );
}

function BillBody({ bill }: { bill: Bill }) {
  const { t, format } = useI18n();
  const me = useMe();
  const now = useNow(30_000);
  const tz = me.meters.find((meter) => meter.meter_id === bill.meter_id)?.tz ?? "UTC";
  return (
    <>
      <section className="card bill-head" aria-label={t("bill.summary")}>
        <p className="bill-head-span">
          {bill.state === "open"
            ? null
            : t("bills.span", { from: format.localDate(bill.cycle_from), to: format.localDateLong(addDays(bill.cycle_until, -1)) })}
          <Chip tone={BILL_TONES[bill.state]}>{t(`bill.state.${bill.state}`)}</Chip>
        </p>
        {bill.state === "open" ? (
          <BillSummary bill={bill} tz={tz} nowUtcMs={now} />
        ) : (
          <>
            <p className="figure">{isPriced(bill) ? format.money(bill.total_minor, bill.currency, bill.minor) : format.energy(bill.import_wh)}</p>
            <p className="figure-note">
              {format.energy(bill.import_wh)} · {t("unit.days", { count: bill.days })}
            </p>
            <EstimatedShare bill={bill} />
          </>
        )}
        <dl className="facts facts-row">
          <div>
            <dt>{t("bill.meter")}</dt>
            <dd>{bill.meter_id}</dd>
          </div>
          <div>
            <dt>{t("bill.account")}</dt>
            <dd>{bill.account_id ?? t("value.none")}</dd>
          </div>
          <div>
            <dt>{t("bill.as_of")}</dt>
            <dd>{format.dateTime(bill.as_of, tz)}</dd>
          </div>
        </dl>
      </section>
      <section className="card" aria-label={t("bill.lines")}>
        <BillLines bill={bill} />
      </section>
    </>
  );
}
