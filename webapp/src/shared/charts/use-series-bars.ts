/* A series of the API as bars: labels in the meter's zone, kinds against the clock. */
import { useMemo } from "react";
import type { Bucket, Series } from "@/api/types";
import type { Translate } from "@/shared/i18n/catalogue";
import type { Format } from "@/shared/i18n/format";
import { useI18n } from "@/shared/i18n/i18n";
import type { Bar } from "./bar-chart";
import { KIND_LABELS, kindOf } from "./kinds";

function labelsOf(bucket: Bucket, instant: string, tz: string, format: Format): { label: string; title: string } {
  switch (bucket) {
    case "hour":
      return { label: `${format.weekday(instant, tz)} ${format.dayNumber(instant, tz)}`, title: format.dateTime(instant, tz) };
    case "quarter_hour":
      return { label: format.time(instant, tz), title: format.dateTime(instant, tz) };
    case "day":
      return { label: format.dayNumber(instant, tz), title: format.dayLong(instant, tz) };
    case "month":
      return { label: format.month(instant, tz), title: format.monthLong(instant, tz) };
  }
}

/** Columns between two labels: whole hours of quarter-hours, whole days of hours. */
export const STRIDES: Partial<Record<Bucket, readonly number[]>> = { quarter_hour: [4, 8, 12, 16, 24, 32, 48], hour: [24, 48, 72] };

export function seriesBars(series: Series, nowUtcMs: number, format: Format, t: Translate): Bar[] {
  const exports = series.export_wh.some((wh) => wh !== null && wh > 0);
  return series.t.map((start, i) => {
    const value = series.import_wh[i] ?? null;
    const exported = exports ? (series.export_wh[i] ?? null) : null;
    const end = series.t[i + 1] ?? series.to;
    const kind = kindOf(series.quality[i] ?? "missing", value, { startUtcMs: Date.parse(start), endUtcMs: Date.parse(end), nowUtcMs });
    return {
      key: start,
      ...labelsOf(series.bucket, start, series.tz, format),
      value,
      valueText: value === null ? t("value.none") : format.energy(value),
      ...(exported === null
        ? {}
        : { exported: { value: exported, amount: format.energy(exported), text: t("chart.exported", { energy: format.energy(exported) }) } }),
      kind,
      kindText: t(KIND_LABELS[kind]),
    };
  });
}

export function useSeriesBars(series: Series, nowUtcMs: number): Bar[] {
  const { t, format } = useI18n();
  return useMemo(() => seriesBars(series, nowUtcMs, format, t), [series, nowUtcMs, format, t]);
}
