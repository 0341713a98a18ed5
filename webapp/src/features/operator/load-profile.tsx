/* The quarter-hours of one local day, and the days before it. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queries } from "@/api/queries";
import type { Meter, Series } from "@/api/types";
import { ChartCard } from "@/shared/charts/chart-card";
import { qualitySentence } from "@/shared/charts/quality-sentence";
import { STRIDES, useSeriesBars } from "@/shared/charts/use-series-bars";
import { useI18n } from "@/shared/i18n/i18n";
import { addDays, dateIn } from "@/shared/lib/local-date";
import { Card } from "@/shared/ui/card";
import { Icon } from "@/shared/ui/icon";
import { QueryView } from "@/shared/ui/query-view";
import { Skeleton } from "@/shared/ui/states";

export function LoadProfile({ meter, nowUtcMs }: { meter: Meter; nowUtcMs: number }) {
  const { t } = useI18n();
  const today = dateIn(meter.tz, nowUtcMs);
  const [chosen, setChosen] = useState<string | null>(null);
  const date = chosen ?? today;
  const usage = useQuery({
    ...queries.usage(meter.meter_id, "quarter_hour", date, addDays(date, 1), { live: date === today }),
    placeholderData: keepPreviousData,
  });
  const go = (days: number) => setChosen(addDays(date, days) === today ? null : addDays(date, days));
  if (usage.data === undefined) {
    return (
      <Card title={t("meter.profile")}>
        <QueryView query={usage} skeleton={<Skeleton height={310} />}>
          {() => null}
        </QueryView>
      </Card>
    );
  }
  return <Profile series={usage.data} date={date} nowUtcMs={nowUtcMs} go={go} last={date >= today} dimmed={usage.isPlaceholderData || usage.isError} />;
}

interface ProfileProps {
  series: Series;
  date: string;
  nowUtcMs: number;
  go: (days: number) => void;
  last: boolean;
  dimmed: boolean;
}

function Profile({ series, date, nowUtcMs, go, last, dimmed }: ProfileProps) {
  const { t, format } = useI18n();
  const bars = useSeriesBars(series, nowUtcMs);
  const name = format.dayLong(`${date}T00:00:00Z`, "UTC");
  return (
    <ChartCard
      className={dimmed ? "is-stale" : ""}
      title={t("meter.profile")}
      sentence={[
        t("usage.sentence.day", { span: name }),
        qualitySentence(bars, t),
      ]
        .filter(Boolean)
        .join(" ")}
      bars={bars}
      bucketLabel={t("chart.bucket.quarter_hour")}
      valueLabel={t("chart.use")}
      unit="kWh"
      scale={1000}
      height={240}
      strides={STRIDES[series.bucket]}
      labelWidth={48}
      aside={
        <div className="stepper">
          <button type="button" className="icon-button" aria-label={t("usage.earlier")} onClick={() => go(-1)}>
            <Icon name="left" />
          </button>
          <p className="stepper-name" aria-live="polite">
            {format.localDate(date)}
          </p>
          <button type="button" className="icon-button" aria-label={t("usage.later")} disabled={last} onClick={() => go(1)}>
            <Icon name="right" />
          </button>
        </div>
      }
    />
  );
}
