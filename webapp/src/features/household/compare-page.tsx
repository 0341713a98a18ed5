/* What this home would have paid under another tariff, over its own ended cycles of a year. The amounts are the billing engine's. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { body, client } from "@/api/client";
import { isStatus } from "@/api/errors";
import type { components } from "@/api/schema";
import type { MyMeter } from "@/api/types";
import { useI18n } from "@/shared/i18n/i18n";
import { addDays, dateIn } from "@/shared/lib/local-date";
import { useAddress } from "@/shared/lib/use-address";
import { useNow } from "@/shared/lib/use-now";
import { useSelectedMeter } from "@/shared/meters/selected";
import { Card } from "@/shared/ui/card";
import { Icon } from "@/shared/ui/icon";
import { Page } from "@/shared/ui/page";
import { QueryView } from "@/shared/ui/query-view";
import { Empty, Skeleton } from "@/shared/ui/states";
import { WithMeter } from "./with-meter";

type Simulation = components["schemas"]["Simulation"];

const DAYS_BACK = 396; // thirteen months, so that twelve whole cycles are among them

export function ComparePage() {
  const { t } = useI18n();
  return <WithMeter title={t("compare.title")}>{(meter) => <Compare key={meter.meter_id} meter={meter} />}</WithMeter>;
}

function Compare({ meter }: { meter: MyMeter }) {
  const { t } = useI18n();
  const { search } = useSelectedMeter();
  const [params, change] = useAddress();
  const tariff = params.get("tariff") ?? "";
  const tariffs = useQuery({
    queryKey: ["tariffs"],
    queryFn: ({ signal }) => body(client.GET("/api/v1/tariffs", { params: { query: { limit: 200 } }, signal })),
  });
  return (
    <Page
      title={t("compare.title")}
      lead={t("compare.lead")}
      back={
        <Link className="back-link" to={{ pathname: "/bills", search }}>
          <Icon name="left" size={18} />
          {t("nav.bills")}
        </Link>
      }
    >
      <QueryView query={tariffs} skeleton={<Skeleton height={80} />}>
        {(data) => (
          <div className="filters">
            <label className="select-field compare-field">
              <span>{t("bill.tariff")}</span>
              <select value={tariff} onChange={(event) => change({ tariff: event.target.value })}>
                <option value="">{t("compare.choose")}</option>
                {data.items.map((one) => (
                  <option key={one.tariff_id} value={one.tariff_id}>
                    {one.tariff_id}
                  </option>
                ))}
              </select>
            </label>
          </div>
        )}
      </QueryView>
      {tariff === "" ? null : <Compared key={tariff} meter={meter} tariff={tariff} />}
    </Page>
  );
}

function Compared({ meter, tariff }: { meter: MyMeter; tariff: string }) {
  const { t } = useI18n();
  const from = addDays(dateIn(meter.tz, useNow(3_600_000)), -DAYS_BACK);
  const simulation = useQuery({
    queryKey: ["simulate", meter.meter_id, tariff, from],
    queryFn: ({ signal }) =>
      body(client.POST("/api/v1/tariffs/{tariff_id}/simulate", { params: { path: { tariff_id: tariff } }, body: { meter_id: meter.meter_id, from }, signal })),
    retry: false,
    staleTime: Infinity,
  });
  if (isStatus(simulation.error, 422)) return <Empty icon="bill" title={t("compare.too_little")} reason={t("compare.too_little.reason")} />;
  return (
    <QueryView query={simulation} skeleton={<Skeleton height={420} />}>
      {(data) => <Result simulation={data} />}
    </QueryView>
  );
}

function Result({ simulation }: { simulation: Simulation }) {
  const { t, format } = useI18n();
  const { totals, completeness } = simulation;
  const money = (minor: number | null) => (minor === null ? t("value.none") : format.money(minor, simulation.currency, simulation.minor));
  const difference = totals.difference_minor;
  return (
    <Card title={simulation.tariff.id}>
      <p className="figure">{money(totals.total_minor)}</p>
      {difference === null ? null : (
        <p className="figure-note">
          {t(difference < 0 ? "compare.less" : difference > 0 ? "compare.more" : "compare.same", { amount: money(Math.abs(difference)), own: money(totals.own_total_minor) })}
        </p>
      )}
      <p>{t("compare.basis", { days: t("unit.days", { count: totals.days }), energy: format.energy(totals.import_wh), share: format.percent(completeness.known_permille) })}</p>
      <table className="table">
        <caption className="visually-hidden">{t("compare.title")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("compare.cycle")}</th>
            <th scope="col" className="numeric">
              {t("compare.own")}
            </th>
            <th scope="col" className="numeric">
              {simulation.tariff.id}
            </th>
          </tr>
        </thead>
        <tbody>
          {simulation.cycles.map((cycle) => (
            <tr key={cycle.cycle_from}>
              <th scope="row">{t("bills.span", { from: format.localDate(cycle.cycle_from), to: format.localDate(addDays(cycle.cycle_until, -1)) })}</th>
              <td className="numeric">{cycle.own === null ? t("value.none") : money(cycle.own.total_minor)}</td>
              <td className="numeric">{cycle.left_out === null ? money(cycle.total_minor) : t("compare.left_out")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
