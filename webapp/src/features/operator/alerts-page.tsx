/* Every alert of the fleet by state; one opened beside the list (below it on a phone), where it can be acknowledged. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import { queries } from "@/api/queries";
import type { Alert } from "@/api/types";
import { Acknowledge } from "@/shared/alerts/acknowledge";
import { AlertCard } from "@/shared/alerts/alert-card";
import { alertValue, subjectName, toneOf } from "@/shared/alerts/alert-text";
import { useI18n } from "@/shared/i18n/i18n";
import { meterPath } from "@/shared/lib/paths";
import { useNow } from "@/shared/lib/use-now";
import { Card } from "@/shared/ui/card";
import { Chip } from "@/shared/ui/chip";
import { Icon } from "@/shared/ui/icon";
import { Page } from "@/shared/ui/page";
import { QueryView } from "@/shared/ui/query-view";
import { Segmented } from "@/shared/ui/segmented";
import { Empty, Skeleton } from "@/shared/ui/states";
import "./operator.css";

const STATES = ["open", "active", "acknowledged", "resolved", "all"] as const;
type State = (typeof STATES)[number];

export function OperatorAlertsPage() {
  const { t } = useI18n();
  const { alertId } = useParams();
  const [params, setParams] = useSearchParams();
  const now = useNow(30_000);
  const state: State = STATES.find((known) => known === params.get("state")) ?? "open";
  const alerts = useInfiniteQuery(queries.alerts(state === "all" ? {} : { state }));
  const all = alerts.data?.pages.flatMap((page) => page.items) ?? [];
  const search = state === "open" ? "" : `?state=${state}`;

  return (
    <Page title={t("nav.alerts")}>
      <div className="usage-tools">
        <Segmented
          legend={t("alerts.filter")}
          value={state}
          onChange={(next) => setParams(next === "open" ? {} : { state: next }, { replace: true })}
          options={STATES.map((value) => ({ value, label: t(`alerts.filter.${value}`) }))}
        />
      </div>
      <div className="alerts-split">
        <section className="card alerts-index" aria-label={t("alerts.list")}>
          <QueryView query={alerts} skeleton={<Skeleton height={420} />}>
            {() =>
              all.length === 0 ? (
                <Empty icon="check" title={t("alerts.none.title")} reason={state === "open" ? t("alerts.none.open") : t("alerts.none.state")} />
              ) : (
                <>
                  <ul>
                    {all.map((alert) => (
                      <AlertRow key={alert.alert_id} alert={alert} nowUtcMs={now} search={search} />
                    ))}
                  </ul>
                  {alerts.hasNextPage ? (
                    <button type="button" className="button" disabled={alerts.isFetchingNextPage} onClick={() => void alerts.fetchNextPage()}>
                      {t("action.more")}
                    </button>
                  ) : null}
                </>
              )
            }
          </QueryView>
        </section>
        {alertId === undefined ? null : (
          <AlertDetail alertId={alertId} listed={all} waiting={alerts.data === undefined && !alerts.isError} nowUtcMs={now} search={search} />
        )}
      </div>
    </Page>
  );
}

function AlertRow({ alert, nowUtcMs, search }: { alert: Alert; nowUtcMs: number; search: string }) {
  const { t, format } = useI18n();
  const { alertId } = useParams();
  return (
    <li>
      <Link
        className="alert-row"
        aria-current={alertId === alert.alert_id ? "true" : undefined}
        to={{ pathname: `/alerts/${alert.alert_id}`, search }}
        preventScrollReset
      >
        <span className={`severity severity-${alert.severity}`} aria-hidden="true" />
        <span className="alert-row-main">
          <strong>{t(`alert.kind.${alert.kind}`)}</strong>
          <span>
            {subjectName(alert, t)} · {alertValue(alert.value, alert.unit, format)} · {format.ago(nowUtcMs - Date.parse(alert.since))}
          </span>
        </span>
        <Chip tone={alert.state === "resolved" ? "good" : alert.state === "acknowledged" ? "neutral" : toneOf(alert.severity)}>
          {alert.state === "active" ? t(`alert.severity.${alert.severity}`) : t(`alert.state.${alert.state}`)}
        </Chip>
        <Icon name="right" size={18} />
      </Link>
    </li>
  );
}

interface AlertDetailProps {
  alertId: string;
  listed: readonly Alert[];
  waiting: boolean;
  nowUtcMs: number;
  search: string;
}

/** An alert that was opened stays open when its state no longer fits the filter. */
function AlertDetail(props: AlertDetailProps) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    ref.current?.focus({ preventScroll: true });
    ref.current?.scrollIntoView({ block: "nearest" });
  }, [props.alertId]);
  return (
    <div ref={ref} tabIndex={-1} className="alert-detail">
      <DetailCard {...props} />
    </div>
  );
}

function DetailCard({ alertId, listed, waiting, nowUtcMs, search }: AlertDetailProps) {
  const { t } = useI18n();
  const inList = listed.find((alert) => alert.alert_id === alertId);
  const elsewhere = useInfiniteQuery({ ...queries.alerts({}), enabled: inList === undefined && !waiting });
  const alert = inList ?? elsewhere.data?.pages.flatMap((page) => page.items).find((one) => one.alert_id === alertId);
  const close = (
    <Link className="icon-button" to={{ pathname: "/alerts", search }} aria-label={t("action.close")}>
      <Icon name="close" />
    </Link>
  );
  if (alert === undefined) {
    const looking = waiting || elsewhere.isFetching;
    return (
      <Card title={t("alert.detail")} aside={close}>
        {looking ? <Skeleton height={160} /> : <Empty title={t("alert.unknown.title")} reason={t("alert.unknown.reason")} />}
      </Card>
    );
  }
  const meterId = alert.subject.meter_id;
  const tz = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Card title={t("alert.detail")} aside={close}>
      <AlertCard alert={alert} tz={tz} nowUtcMs={nowUtcMs} withSubject>
        <Acknowledge key={alert.alert_id} alert={alert} open />
      </AlertCard>
      {meterId === undefined ? null : (
        <Link className="text-link" to={meterPath(meterId)}>
          {t("alert.to_meter", { meter: meterId })}
        </Link>
      )}
    </Card>
  );
}
