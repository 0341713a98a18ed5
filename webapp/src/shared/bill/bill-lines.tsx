/* A bill as it is reckoned: each line with its quantity, price and span, the taxes inside and on top, the total.
   Each line opens down to what it is made of. Every number is the API's own. */
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { body, client } from "@/api/client";
import type { Bill, BillLine } from "@/api/types";
import { useI18n } from "@/shared/i18n/i18n";
import { addDays } from "@/shared/lib/local-date";
import { useNow } from "@/shared/lib/use-now";
import { Chip } from "@/shared/ui/chip";
import { Icon } from "@/shared/ui/icon";
import { QueryView } from "@/shared/ui/query-view";
import { Empty, Skeleton } from "@/shared/ui/states";
import { isPriced } from "./cycle";
import { LineExplained } from "./line-explained";
import { lineName } from "./line-name";

export function BillLines({ bill }: { bill: Bill }) {
  const { t, format } = useI18n();
  const money = (minor: number) => format.money(minor, bill.currency, bill.minor);
  const added = bill.taxes.filter((tax) => !tax.included);
  const inside = bill.taxes.filter((tax) => tax.included);

  if (!isPriced(bill)) return <Empty icon="bill" title={t("bill.no_tariff.title")} reason={t("bill.no_tariff.reason")} />;
  return (
    <div className="bill-lines">
      <table className="table bill-table">
        <caption className="visually-hidden">{t("bill.lines")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("bill.line")}</th>
            <th scope="col" className="numeric bill-wide">
              {t("bill.quantity")}
            </th>
            <th scope="col" className="numeric bill-wide">
              {t("bill.price")}
            </th>
            <th scope="col" className="numeric">
              {t("bill.amount")}
            </th>
          </tr>
        </thead>
        <tbody>
          {bill.lines.map((line, index) => (
            <LineRow key={`${line.id} ${line.segment}`} line={line} index={index} bill={bill} />
          ))}
        </tbody>
        <tbody className="bill-sums">
          <tr>
            <th scope="row">{t("bill.subtotal")}</th>
            <Blank />
            <td className="numeric">{money(bill.subtotal_minor)}</td>
          </tr>
          {added.map((tax) => (
            <tr key={tax.id}>
              <th scope="row">{lineName(tax.id, t)}</th>
              <Blank />
              <td className="numeric">{money(tax.amount_minor)}</td>
            </tr>
          ))}
          {(bill.adjustments ?? []).map((adjustment, index) => (
            <tr key={`${adjustment.id} ${index}`}>
              <th scope="row">{lineName(adjustment.id, t)}</th>
              <Blank />
              <td className="numeric">{money(adjustment.amount_minor)}</td>
            </tr>
          ))}
          {bill.rounding_minor ? (
            <tr>
              <th scope="row">{t("line.rounding")}</th>
              <Blank />
              <td className="numeric">{money(bill.rounding_minor)}</td>
            </tr>
          ) : null}
          <tr className="bill-total">
            <th scope="row">{t("bill.total")}</th>
            <Blank />
            <td className="numeric">{money(bill.total_minor)}</td>
          </tr>
        </tbody>
      </table>
      {inside.length > 0 ? (
        <p className="bill-inside">
          {t("bill.taxes_inside", { taxes: inside.map((tax) => `${lineName(tax.id, t)} ${money(tax.amount_minor)}`).join(", ") })}
        </p>
      ) : null}
      <p className="bill-tariff">
        {t("bill.tariff")} <code>{bill.tariff.id}</code> · {t("bill.version")} <code title={bill.tariff.version_hash}>{bill.tariff.version_hash.slice(0, 12)}</code>
      </p>
    </div>
  );
}

/** The two columns that a sum does not have, and a phone does not show. */
function Blank() {
  return (
    <>
      <td className="bill-wide" />
      <td className="bill-wide" />
    </>
  );
}

function LineRow({ line, index, bill }: { line: BillLine; index: number; bill: Bill }) {
  const { t, format } = useI18n();
  const [open, setOpen] = useState(false);
  const id = useId();
  const [from = "", until = ""] = line.segment.split("/");
  const quantity = `${format.decimal(line.quantity, 3)}\u00a0${unitName(line.unit, line.quantity, t)}`;
  const price = format.price(line.unit_price, bill.currency);
  return (
    <>
      <tr>
        <th scope="row">
          <span className="bill-line-name">
            <button type="button" className="line-opener no-print" aria-expanded={open} aria-controls={id} aria-label={t("explain.open", { line: lineName(line.id, t) })} onClick={() => setOpen(!open)}>
              <Icon name="right" size={16} />
            </button>
            {lineName(line.id, t)} {!isMetered(line) || line.quality === "measured" || (line.quality === "partial" && bill.state === "open") ? null : <Chip tone="info">{t(`kind.${line.quality}`)}</Chip>}
          </span>
          <span className="bill-line-note">
            {t("bills.span", { from: format.localDate(from), to: format.localDate(addDays(until, -1)) })}
            <span className="bill-narrow">
              {" · "}
              {quantity} × {price}
            </span>
          </span>
        </th>
        <td className="numeric bill-wide">{quantity}</td>
        <td className="numeric bill-wide">{price}</td>
        <td className="numeric">{format.money(line.amount_minor, bill.currency, bill.minor)}</td>
      </tr>
      <tr id={id} hidden={!open}>
        <td colSpan={4}>{open ? <Explained billId={bill.bill_id} asOf={bill.as_of} index={index} /> : null}</td>
      </tr>
    </>
  );
}

/** One answer explains all lines of a bill; an open one is explained anew with its next reading. */
function Explained({ billId, asOf, index }: { billId: string; asOf: string; index: number }) {
  const now = useNow(60_000);
  const explained = useQuery({
    queryKey: ["bill-by-id", billId, "explain", asOf],
    queryFn: ({ signal }) => body(client.GET("/api/v1/bills/{bill_id}/explain", { params: { path: { bill_id: billId } }, signal })),
    staleTime: Infinity,
    placeholderData: (before) => before,
  });
  return (
    <QueryView query={explained} skeleton={<Skeleton height={260} />}>
      {(data) => {
        const line = data.lines[index];
        return line === undefined ? null : <LineExplained bill={data} line={line} nowUtcMs={now} />;
      }}
    </QueryView>
  );
}

/** A fee by the day, the month or the bill is not estimated or corrected, whatever the energy beside it was. */
function isMetered(line: BillLine): boolean {
  return !["day", "month", "bill"].includes(line.unit);
}

function unitName(unit: string, quantity: string, t: ReturnType<typeof useI18n>["t"]): string {
  const count = Number(quantity);
  switch (unit) {
    case "day":
      return t("unit.day", { count });
    case "month":
      return t("unit.month", { count });
    case "bill":
      return t("unit.bill", { count });
    default:
      return unit;
  }
}
