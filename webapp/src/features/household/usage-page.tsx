/* Use from quarter-hours of a day to months of a year, one stretch at a time. What is shown stands in the address,
   so that it can be kept and shared. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { queries } from "@/api/queries";
import type { MyMeter, Series } from "@/api/types";
import { ChartCard } from "@/shared/charts/chart-card";
import { qualitySentence } from "@/shared/charts/quality-sentence";
import { STRIDES, useSeriesBars } from "@/shared/charts/use-series-bars";
import { useI18n } from "@/shared/i18n/i18n";
import { addDays, dateIn } from "@/shared/lib/local-date";
import { useAddress } from "@/shared/lib/use-address";
import { useNow } from "@/shared/lib/use-now";
import { Icon } from "@/shared/ui/icon";
import { Page } from "@/shared/ui/page";
import { QueryView } from "@/shared/ui/query-view";
import { Segmented } from "@/shared/ui/segmented";
import { Empty, Skeleton } from "@/shared/ui/states";
import { UsageFiles } from "./usage-files";
import { BUCKET_OF, parseDate, parseView, rangeOf, step, VIEWS, type Range, type View } from "./usage-range";
import { WithMeter } from "./with-meter";

export function UsagePage() {
  const { t } = useI18n();
  return <WithMeter title={t("nav.usage")}>{(meter) => <Usage key={meter.meter_id} meter={meter} />}</WithMeter>;
}

function Usage({ meter }: { meter: MyMeter }) {
  const { t } = useI18n();
  const [params, change] = useAddress();
  const now = useNow(60_000);
  const today = dateIn(meter.tz, now);
  const view = parseView(params.get("view"));
  const date = parseDate(params.get("date"), today);
  const range = rangeOf(view, date);
  const usage = useQuery({
    ...queries.usage(meter.meter_id, BUCKET_OF[view], range.from, range.until, { live: range.until > today }),
    placeholderData: keepPreviousData,
  });

  // Both stand in the address: a view is told with its day.
  const show = (next: { view?: View; date?: string }) => change({ view, date, ...next });

  return (
    <Page title={t("nav.usage")}>
      <div className="usage-tools">
        <Segmented
          legend={t("usage.view")}
          value={view}
          onChange={(next) => show({ view: next })}
          options={VIEWS.map((option) => ({ value: option, label: t(`usage.view.${option}`) }))}
        />
        <RangeStepper view={view} date={date} range={range} today={today} show={(next) => show({ date: next })} />
      </div>
      <QueryView query={usage} skeleton={<Skeleton height={430} />}>
        {(series) => <UsageChart series={series} view={view} range={range} nowUtcMs={now} dimmed={usage.isPlaceholderData} />}
      </QueryView>
      <UsageFiles meterId={meter.meter_id} range={range} />
    </Page>
  );
}

interface RangeStepperProps {
  view: View;
  date: string;
  range: Range;
  today: string;
  show: (date: string) => void;
}

function RangeStepper({ view, date, range, today, show }: RangeStepperProps) {
  const { t } = useI18n();
  const name = useRangeName(view, range);
  return (
    <div className="stepper">
      <button type="button" className="icon-button" aria-label={t("usage.earlier")} onClick={() => show(step(view, date, -1))}>
        <Icon name="left" />
      </button>
      <p className="stepper-name" aria-live="polite">
        {name}
      </p>
      <button type="button" className="icon-button" aria-label={t("usage.later")} disabled={range.until > today} onClick={() => show(step(view, date, 1))}>
        <Icon name="right" />
      </button>
    </div>
  );
}

function useRangeName(view: View, range: Range): string {
  const { format, t } = useI18n();
  const at = `${range.from}T00:00:00Z`;
  switch (view) {
    case "day":
      return format.dayLong(at, "UTC");
    case "week":
      return t("usage.span", { from: format.localDate(range.from), to: format.localDate(addDays(range.until, -1)) });
    case "month":
      return format.monthLong(at, "UTC");
    case "year":
      return range.from.slice(0, 4);
  }
}

interface UsageChartProps {
  series: Series;
  view: View;
  range: Range;
  nowUtcMs: number;
  dimmed: boolean;
}

function UsageChart({ series, view, range, nowUtcMs, dimmed }: UsageChartProps) {
  const { t } = useI18n();
  const bars = useSeriesBars(series, nowUtcMs);
  const name = useRangeName(view, range);
  const known = bars.filter((bar) => bar.value !== null);
  if (known.length === 0 && !dimmed) {
    return (
      <section className="card">
        <Empty icon="chart" title={t("usage.empty.title")} reason={t("usage.empty.reason", { span: name })} />
      </section>
    );
  }
  const missing = bars.filter((bar) => bar.kind === "missing").length;
  const most = known.reduce<(typeof bars)[number] | undefined>((top, bar) => ((bar.value ?? 0) > (top?.value ?? -1) ? bar : top), undefined);
  const sentence = [
    t(`usage.sentence.${view}`, { span: name }),
    most?.value ? t("usage.most", { when: most.title, energy: most.valueText }) : "",
    qualitySentence(bars, t),
    series.complete || missing > 0 || bars.some((bar) => bar.kind === "ongoing") ? "" : t("usage.incomplete"),
  ]
    .filter(Boolean)
    .join(" ");
  return (
    <ChartCard
      className={dimmed ? "is-stale" : ""}
      title={t(`usage.title.${view}`)}
      sentence={sentence}
      bars={bars}
      bucketLabel={t(`chart.bucket.${series.bucket}`)}
      valueLabel={t("chart.use")}
      unit="kWh"
      scale={1000}
      height={320}
      strides={STRIDES[series.bucket]}
      labelWidth={view === "month" ? 26 : view === "year" ? 36 : 48}
    />
  );
}
