/* The use of each day of this billing cycle. Days that have not come yet have their place but no bar. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { queries } from "@/api/queries";
import type { Bill, MyMeter, Series } from "@/api/types";
import { ChartCard } from "@/shared/charts/chart-card";
import { qualitySentence } from "@/shared/charts/quality-sentence";
import { useSeriesBars } from "@/shared/charts/use-series-bars";
import { useI18n } from "@/shared/i18n/i18n";
import { Card } from "@/shared/ui/card";
import { QueryView } from "@/shared/ui/query-view";
import { Empty, Skeleton } from "@/shared/ui/states";

export interface CycleChartProps {
  meter: MyMeter;
  bill: UseQueryResult<Bill | null>;
  nowUtcMs: number;
}

export function CycleChart({ meter, bill, nowUtcMs }: CycleChartProps) {
  const { t } = useI18n();
  if (bill.data) return <CycleUse meter={meter} bill={bill.data} nowUtcMs={nowUtcMs} />;
  return (
    <Card title={t("home.chart.title")}>
      <QueryView query={bill} skeleton={<Skeleton height={330} />}>
        {() => <Empty icon="chart" title={t("usage.none.title")} reason={t("usage.none.reason")} />}
      </QueryView>
    </Card>
  );
}

function CycleUse({ meter, bill, nowUtcMs }: { meter: MyMeter; bill: Bill; nowUtcMs: number }) {
  const { t } = useI18n();
  const usage = useQuery(queries.usage(meter.meter_id, "day", bill.cycle_from, bill.cycle_until, { live: true }));
  if (usage.data) return <CycleBars series={usage.data} nowUtcMs={nowUtcMs} />;
  return (
    <Card title={t("home.chart.title")}>
      <QueryView query={usage} skeleton={<Skeleton height={330} />}>
        {() => null}
      </QueryView>
    </Card>
  );
}

function CycleBars({ series, nowUtcMs }: { series: Series; nowUtcMs: number }) {
  const { t, format } = useI18n();
  const bars = useSeriesBars(series, nowUtcMs);
  const done = bars.filter((bar) => bar.kind !== "future" && bar.kind !== "ongoing");
  const missing = done.filter((bar) => bar.kind === "missing").length;
  const most = bars.reduce<(typeof bars)[number] | null>((top, bar) => ((bar.value ?? -1) > (top?.value ?? -1) ? bar : top), null);
  const from = series.t[0] ?? series.from;
  const sentence = [
    t("home.chart.sentence", { from: format.day(from, series.tz), count: done.length }),
    most?.value ? t("home.chart.most", { day: most.title, energy: most.valueText }) : "",
    missing > 0 ? t("home.chart.missing", { count: missing }) : "",
    qualitySentence(bars.filter((bar) => bar.kind !== "missing"), t),
  ]
    .filter(Boolean)
    .join(" ");
  return (
    <ChartCard
      title={t("home.chart.title")}
      sentence={sentence}
      bars={bars}
      bucketLabel={t("chart.day")}
      valueLabel={t("chart.use")}
      unit="kWh"
      scale={1000}
      labelWidth={26}
    />
  );
}
