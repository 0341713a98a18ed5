/* The first screen: power now, the bill so far and its forecast, what is wrong, and the use per day of this cycle. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { queries } from "@/api/queries";
import type { MyMeter } from "@/api/types";
import { BillSummary } from "@/shared/bill/bill-summary";
import { useI18n } from "@/shared/i18n/i18n";
import { billPath } from "@/shared/lib/paths";
import { useNow } from "@/shared/lib/use-now";
import { useSelectedMeter } from "@/shared/meters/selected";
import { meterName } from "@/shared/meters/meter-name";
import { PowerNow } from "@/shared/power/power-now";
import { Card } from "@/shared/ui/card";
import { Page } from "@/shared/ui/page";
import { QueryView } from "@/shared/ui/query-view";
import { Empty, Skeleton } from "@/shared/ui/states";
import { CycleChart } from "./cycle-chart";
import { HomeAlerts } from "./home-alerts";
import { WithMeter } from "./with-meter";

export function HomePage() {
  const { t } = useI18n();
  return <WithMeter title={t("nav.home")}>{(meter) => <Home key={meter.meter_id} mine={meter} />}</WithMeter>;
}

function Home({ mine }: { mine: MyMeter }) {
  const { t } = useI18n();
  const { search } = useSelectedMeter();
  const now = useNow(30_000);
  const meter = useQuery(queries.meter(mine.meter_id));
  const bill = useQuery(queries.bill(mine.meter_id));
  const alerts = useInfiniteQuery(queries.alerts({ meterId: mine.meter_id, state: "open" }));

  return (
    <Page title={t("home.title", { name: meterName(mine) })} quiet>
      <HomeAlerts query={alerts} tz={mine.tz} nowUtcMs={now} />
      <div className="home-grid">
        <QueryView query={meter} skeleton={<Skeleton height={286} className="power-skeleton" />}>
          {(data) => <PowerNow meter={data} title={t("power.now")} />}
        </QueryView>
        <Card
          title={t("bill.so_far")}
          className="bill-card"
          aside={
            bill.data ? (
              <Link className="text-link" to={{ pathname: billPath(bill.data.bill_id), search }}>
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
                <BillSummary bill={data} tz={mine.tz} nowUtcMs={now} />
              )
            }
          </QueryView>
        </Card>
      </div>
      <CycleChart meter={mine} bill={bill} nowUtcMs={now} />
    </Page>
  );
}
