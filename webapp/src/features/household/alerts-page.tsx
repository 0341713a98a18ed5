/* What was wrong and what is, and the rules that decide it. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { queries } from "@/api/queries";
import type { MyMeter } from "@/api/types";
import { Acknowledge } from "@/shared/alerts/acknowledge";
import { AlertCard } from "@/shared/alerts/alert-card";
import { RulesForm } from "@/shared/alerts/rules-form";
import { useI18n } from "@/shared/i18n/i18n";
import { useNow } from "@/shared/lib/use-now";
import { Card } from "@/shared/ui/card";
import { Page } from "@/shared/ui/page";
import { QueryView } from "@/shared/ui/query-view";
import { Empty, Skeleton } from "@/shared/ui/states";
import { WithMeter } from "./with-meter";

export function AlertsPage() {
  const { t } = useI18n();
  return <WithMeter title={t("nav.alerts")}>{(meter) => <Alerts key={meter.meter_id} meter={meter} />}</WithMeter>;
}

function Alerts({ meter }: { meter: MyMeter }) {
  const { t } = useI18n();
  const now = useNow(30_000);
  const alerts = useInfiniteQuery(queries.alerts({ meterId: meter.meter_id }));
  return (
    <Page title={t("nav.alerts")}>
      <div className="two-columns">
        <Card title={t("alerts.history")}>
          <QueryView query={alerts} skeleton={<Skeleton height={260} />}>
            {(data) => {
              const all = data.pages.flatMap((page) => page.items);
              if (all.length === 0) return <Empty icon="check" title={t("alerts.none.title")} reason={t("alerts.none.reason")} />;
              return (
                <>
                  <ul className="alert-list">
                    {all.map((alert) => (
                      <li key={alert.alert_id}>
                        <AlertCard alert={alert} tz={meter.tz} nowUtcMs={now}>
                          <Acknowledge alert={alert} />
                        </AlertCard>
                      </li>
                    ))}
                  </ul>
                  {alerts.hasNextPage ? (
                    <button type="button" className="button" disabled={alerts.isFetchingNextPage} onClick={() => void alerts.fetchNextPage()}>
                      {t("action.more")}
                    </button>
                  ) : null}
                </>
              );
            }}
          </QueryView>
        </Card>
        <RulesForm meterId={meter.meter_id} />
      </div>
    </Page>
  );
}
