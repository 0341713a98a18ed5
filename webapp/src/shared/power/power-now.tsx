/* The power of one meter, live: the number, when it was said, and the curve of the last minutes. Dimmed and dated
   when the meter is late or the stream is down. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { queries } from "@/api/queries";
import type { Meter, ReadingPage } from "@/api/types";
import { LiveCurve } from "@/shared/charts/live-curve";
import { useI18n } from "@/shared/i18n/i18n";
import { useNow } from "@/shared/lib/use-now";
import { useLiveCurve, useLiveReading, useLiveState, useLiveStore } from "@/shared/live/live";
import { curveSpanMs, isStale, medianStepMs } from "./freshness";

interface Now {
  tsUtcMs: number;
  powerW: number | null;
  energyWh: number | null;
}

function latest(meter: Meter, live: Now | null): Now | null {
  const last = meter.last_reading;
  const known = last ? { tsUtcMs: Date.parse(last.ts), powerW: last.power_w, energyWh: last.energy_wh } : null;
  if (live === null || known === null) return live ?? known;
  return live.tsUtcMs >= known.tsUtcMs ? live : known;
}

export function PowerNow({ meter, title }: { meter: Meter; title: string }) {
  const { t, format } = useI18n();
  const store = useLiveStore();
  const state = useLiveState();
  const live = useLiveReading(meter.meter_id);
  const curve = useLiveCurve(meter.meter_id);
  const now = useNow(1000);
  // A day back: enough for a meter that sends each quarter of an hour; 300 readings at most.
  const [from] = useState(() => new Date(now - 86_400_000).toISOString());
  const recent = useQuery(queries.recentReadings(meter.meter_id, from));

  useEffect(() => {
    if (recent.data) store.seed(meter.meter_id, pointsOf(recent.data));
  }, [recent.data, store, meter.meter_id]);

  const reading = latest(meter, live);
  const intervalMs =
    meter.reading_interval_s === null ? medianStepMs((recent.data?.items ?? []).map((item) => Date.parse(item.ts))) : meter.reading_interval_s * 1000;
  const ageMs = reading ? Math.max(0, now - reading.tsUtcMs) : 0;
  const stale = reading !== null && isStale(ageMs, intervalMs);
  const lost = state === "waiting";
  const span = curveSpanMs(intervalMs);
  const points = useMemo(() => curve.map((point) => ({ t: point.tsUtcMs, v: point.powerW })), [curve]);
  const value = reading?.powerW ?? null;
  const quantity = value === null ? null : format.powerParts(value);

  return (
    <section className={stale || lost ? "power-now is-late" : "power-now"} aria-labelledby="power-now-title">
      <header className="power-head">
        <h2 id="power-now-title">{title}</h2>
        <p className="power-status">
          <span className={!stale && !lost && state === "live" ? "pulse is-on" : "pulse"} aria-hidden="true" />
          {lost ? t("live.reconnecting") : stale ? t("live.late") : state === "live" ? t("live.on") : t("live.connecting")}
        </p>
      </header>
      <p className="power-figure" data-testid="power-now" data-ts={reading?.tsUtcMs}>
        {quantity ? (
          <>
            <span className="power-value">{quantity.value}</span> <span className="power-unit">{quantity.unit}</span>
          </>
        ) : (
          <span className="power-value is-none">{t("value.none")}</span>
        )}
      </p>
      <p className="power-note">{noteOf()}</p>
      <LiveCurve points={points} fromMs={now - span} toMs={now} height={104} />
    </section>
  );

  function noteOf(): string {
    if (reading === null) return t("power.never");
    if (stale || lost) return t("state.as_of", { time: format.dateTime(reading.tsUtcMs, meter.tz) });
    if (value === null) return t("power.not_sent");
    const words = [format.ago(ageMs)];
    if (value < 0) words.push(t("power.feeding"));
    else if (reading.energyWh !== null) words.push(t("power.register", { energy: format.energy(reading.energyWh) }));
    return words.join(" · ");
  }
}

function pointsOf(page: ReadingPage): { tsUtcMs: number; powerW: number }[] {
  return page.items.flatMap((item) => (item.power_w === undefined ? [] : [{ tsUtcMs: Date.parse(item.ts), powerW: item.power_w }]));
}
