/* One meter as an operator sees it: power now, load profile, bill, alerts, what it sent and what became of it. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { isStatus } from "@/api/errors";
import { queries } from "@/api/queries";
import type { Meter } from "@/api/types";
import { Acknowledge } from "@/shared/alerts/acknowledge";
import { AlertCard } from "@/shared/alerts/alert-card";
import { RulesForm } from "@/shared/alerts/rules-form";
import { BillSummary } from "@/shared/bill/bill-summary";
import { useI18n } from "@/shared/i18n/i18n";
import { billPath, storyPath } from "@/shared/lib/paths";
import { useNow } from "@/shared/lib/use-now";
import { useLiveReading } from "@/shared/live/live";
import { conditionOf, CONDITION_TONES } from "@/shared/meters/condition";
import { meterName } from "@/shared/meters/meter-name";
import { PowerNow } from "@/shared/power/power-now";
import { Card } from "@/shared/ui/card";
import { Chip } from "@/shared/ui/chip";
import { Icon } from "@/shared/ui/icon";
import { Page } from "@/shared/ui/page";
import { QueryView } from "@/shared/ui/query-view";
import { Empty, Skeleton } from "@/shared/ui/states";
import { LoadProfile } from "./load-profile";
import { MeterFacts } from "./meter-facts";
import { ReadingsTable } from "./readings-table";
import "./operator.css";

export function MeterPage() {
  const { meterId = "" } = useParams();
  return <OneMeter key={meterId} meterId={meterId} />;
}

function OneMeter({ meterId }: { meterId: string }) {
  const { t } = useI18n();
  const meter = useQuery({ ...queries.meter(meterId), refetchInterval: 30_000 });
  const back = (
    <Link className="back-link" to="/fleet">
      <Icon name="left" size={18} />
      {t("nav.fleet")}
    </Link>
  );
  if (isStatus(meter.error, 404)) {
    return (
      <Page title={meterId} back={back}>
        <Empty icon="grid" title={t("meter.unknown.title")} reason={t("meter.unknown.reason", { id: meterId })} />
      </Page>
    );
  }
  return (
    <Page title={meter.data ? meterName(meter.data) : meterId} back={back} lead={meter.data ? <MeterLead meter={meter.data} /> : null}>
      <QueryView query={meter} skeleton={<Skeleton height={900} />}>
        {(data) => <MeterBody meter={data} />}
      </QueryView>
    </Page>
  );
}

function MeterLead({ meter }: { meter: Meter }) {
  const { t } = useI18n();
  const now = useNow(30_000);
  const live = useLiveReading(meter.meter_id);
  const condition = conditionOf(meter, live?.tsUtcMs ?? null, now);
  return (
    <span className="meter-lead">
      <Chip tone={CONDITION_TONES[condition]}>{t(`condition.${condition}`)}</Chip>
      <Chip>{t(`meter.state.${meter.state}`)}</Chip>
      {meter.label ? <span>{meter.meter_id}</span> : null}
      {meter.address ? <span>{meter.address}</span> : null}
      <Link className="text-link" to={storyPath(meter.meter_id)}>
        {t("story.link")}
      </Link>
    </span>
  );
}

function MeterBody({ meter }: { meter: Meter }) {
  const { t } = useI18n();
  const now = useNow(30_000);
  const bill = useQuery(queries.bill(meter.meter_id));
  return (
    <>
      <div className="home-grid">
        <PowerNow meter={meter} title={t("power.now")} />
        <Card
          title={t("bill.so_far")}
          className="bill-card"
          aside={
            bill.data ? (
              <Link className="text-link" to={billPath(bill.data.bill_id)}>
                {t("bill.see_lines")}
              </Link>
            ) : null
          }
        >
          <QueryView query={bill} skeleton={<Skeleton height={196} />}>
            {(data) =>
              data === null ? (
                <Empty icon="bill" title={t("bill.none.title")} reason={t("bill.none.reason")} />
              ) : (
                <BillSummary bill={data} tz={meter.tz} nowUtcMs={now} />
              )
            }
          </QueryView>
        </Card>
      </div>
      <LoadProfile meter={meter} nowUtcMs={now} />
      <div className="two-columns">
        <div className="column">
          <Card title={t("meter.readings")}>
            <ReadingsTable meter={meter} />
          </Card>
          <MeterAlerts meter={meter} nowUtcMs={now} />
        </div>
        <div className="column">
          <Card title={t("meter.facts")}>
            <MeterFacts meter={meter} />
          </Card>
          <RulesForm meterId={meter.meter_id} />
        </div>
      </div>
    </>
  );
}

function MeterAlerts({ meter, nowUtcMs }: { meter: Meter; nowUtcMs: number }) {
  const { t } = useI18n();
  const alerts = useInfiniteQuery(queries.alerts({ meterId: meter.meter_id }));
  return (
    <Card title={t("nav.alerts")}>
      <QueryView query={alerts} skeleton={<Skeleton height={90} />}>
        {(data) => {
          const all = data.pages.flatMap((page) => page.items);
          if (all.length === 0) return <Empty icon="check" title={t("alerts.none.title")} reason={t("alerts.none.reason")} />;
          return (
            <ul className="alert-list">
              {all.map((alert) => (
                <li key={alert.alert_id}>
                  <AlertCard alert={alert} tz={meter.tz} nowUtcMs={nowUtcMs}>
                    <Acknowledge alert={alert} />
                  </AlertCard>
                </li>
              ))}
            </ul>
          );
        }}
      </QueryView>
    </Card>
  );
}
