/* The open alerts of a home. None is the usual case, and says so quietly. */
import type { UseInfiniteQueryResult, InfiniteData } from "@tanstack/react-query";
import { Link } from "react-router";
import type { components } from "@/api/schema";
import { Acknowledge } from "@/shared/alerts/acknowledge";
import { AlertCard } from "@/shared/alerts/alert-card";
import { useI18n } from "@/shared/i18n/i18n";
import { useSelectedMeter } from "@/shared/meters/selected";
import { Icon } from "@/shared/ui/icon";
import { QueryView } from "@/shared/ui/query-view";
import { Skeleton } from "@/shared/ui/states";

export interface HomeAlertsProps {
  query: UseInfiniteQueryResult<InfiniteData<components["schemas"]["AlertPage"]>>;
  tz: string;
  nowUtcMs: number;
}

export function HomeAlerts({ query, tz, nowUtcMs }: HomeAlertsProps) {
  const { t } = useI18n();
  const { search } = useSelectedMeter();
  return (
    <section className="home-alerts" aria-label={t("alerts.open")}>
      <QueryView query={query} skeleton={<Skeleton height={44} />}>
        {(data) => {
          const alerts = data.pages.flatMap((page) => page.items);
          if (alerts.length === 0) {
            return (
              <p className="all-well">
                <Icon name="check" size={18} />
                {t("alerts.all_well")}
              </p>
            );
          }
          return (
            <>
              <ul className="alert-list">
                {alerts.map((alert) => (
                  <li key={alert.alert_id}>
                    <AlertCard alert={alert} tz={tz} nowUtcMs={nowUtcMs} compact>
                      <Acknowledge alert={alert} />
                    </AlertCard>
                  </li>
                ))}
              </ul>
              {/* A phone shows the newest: power and bill belong on the first screen too. */}
              {alerts.length > 1 ? (
                <Link className="text-link more-alerts" to={{ pathname: "/alerts", search }}>
                  {t("alerts.more", { count: alerts.length - 1 })}
                </Link>
              ) : null}
            </>
          );
        }}
      </QueryView>
    </section>
  );
}
