/* All meters as rows, of which only the visible ones are in the page: ten thousand scroll like ten. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { Link } from "react-router";
import { useI18n } from "@/shared/i18n/i18n";
import { meterPath } from "@/shared/lib/paths";
import { useLiveReading } from "@/shared/live/live";
import { CONDITION_TONES } from "@/shared/meters/condition";
import { Chip } from "@/shared/ui/chip";
import type { FleetMeter } from "./fleet-page";

const ROW_PX = 58;

export function FleetTable({ meters, nowUtcMs }: { meters: readonly FleetMeter[]; nowUtcMs: number }) {
  const { t } = useI18n();
  const scroller = useRef<HTMLDivElement>(null);
  // The compiler cannot see into the virtualizer's functions; this component is not memoized.
  // eslint-disable-next-line react-hooks/incompatible-library
  const rows = useVirtualizer({ count: meters.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_PX, overscan: 8 });
  const items = rows.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = rows.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    // A scrolled region must be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={scroller} className="fleet-rows" role="region" aria-label={t("fleet.table")} tabIndex={0}>
      <table className="table fleet-table" aria-rowcount={meters.length + 1}>
        <caption className="visually-hidden">{t("fleet.table")}</caption>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">{t("fleet.meter")}</th>
            <th scope="col" className="fleet-wide">
              {t("fleet.condition")}
            </th>
            <th scope="col" className="numeric">
              {t("fleet.power")}
            </th>
            <th scope="col" className="numeric fleet-wide">
              {t("fleet.last")}
            </th>
          </tr>
        </thead>
        <tbody>
          {before > 0 ? (
            <tr aria-hidden="true">
              <td colSpan={4} style={{ blockSize: before, padding: 0 }} />
            </tr>
          ) : null}
          {items.map((item) => {
            const row = meters[item.index];
            return row ? <FleetRow key={row.meter.meter_id} row={row} index={item.index} nowUtcMs={nowUtcMs} /> : null;
          })}
          {after > 0 ? (
            <tr aria-hidden="true">
              <td colSpan={4} style={{ blockSize: after, padding: 0 }} />
            </tr>
          ) : null}
        </tbody>
      </table>
    </div>
  );
}

function FleetRow({ row: { meter, condition }, index, nowUtcMs }: { row: FleetMeter; index: number; nowUtcMs: number }) {
  const { t, format } = useI18n();
  const live = useLiveReading(meter.meter_id);
  const known = meter.last_reading;
  const ts = live?.tsUtcMs ?? (known ? Date.parse(known.ts) : null);
  const power = live ? live.powerW : (known?.power_w ?? null);
  return (
    <tr aria-rowindex={index + 2} className="fleet-row">
      <th scope="row">
        <Link className="fleet-link" to={meterPath(meter.meter_id)}>
          {meter.label ?? meter.meter_id}
        </Link>
        <span className="fleet-sub">
          {meter.label ? meter.meter_id : null}
          {meter.label && meter.district ? " · " : null}
          {meter.district}
        </span>
        <span className="fleet-narrow">
          <Chip tone={CONDITION_TONES[condition]}>{t(`condition.${condition}`)}</Chip>
        </span>
      </th>
      <td className="fleet-wide">
        <Chip tone={CONDITION_TONES[condition]}>{t(`condition.${condition}`)}</Chip>
      </td>
      <td className="numeric">{power === null ? t("value.none") : format.power(power)}</td>
      <td className="numeric fleet-wide">{ts === null ? t("value.none") : format.ago(nowUtcMs - ts)}</td>
    </tr>
  );
}
