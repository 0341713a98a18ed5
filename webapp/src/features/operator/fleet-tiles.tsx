/* The fleet's health in six figures. What the API does not know is said to be unknown, not 0. */
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { FleetSummary } from "@/api/types";
import { useI18n } from "@/shared/i18n/i18n";

/** Without a sign of life for this long the ingestor is not taken to be there. */
const HEARTBEAT_LATE_MS = 30_000;

export function FleetTiles({ summary, nowUtcMs }: { summary: FleetSummary; nowUtcMs: number }) {
  const { t, format } = useI18n();
  const { meters, completeness, ingest, alerts, energy } = summary;
  const reporting = Math.max(0, meters.total - meters.by_state.inactive - meters.silent - meters.never_read);
  const dead = ingest.heartbeat === null || nowUtcMs - Date.parse(ingest.heartbeat) > HEARTBEAT_LATE_MS;
  return (
    <ul className="tiles" aria-label={t("tile.label")}>
      <Tile label={t("tile.meters")} value={format.number(meters.total)}>
        <MeterBar reporting={reporting} silent={meters.silent} never={meters.never_read} />
        {t("tile.meters.note", { reporting: format.number(reporting), silent: format.number(meters.silent) })}
      </Tile>
      <Tile
        label={t("tile.completeness")}
        value={completeness.today.present_permille === null ? t("value.none") : format.percent(completeness.today.present_permille)}
        warn={completeness.today.present_permille !== null && completeness.today.present_permille < 950}
      >
        {completeness.yesterday.present_permille === null
          ? t("tile.completeness.none")
          : t("tile.completeness.note", { yesterday: format.percent(completeness.yesterday.present_permille) })}
      </Tile>
      <Tile label={t("tile.rate")} value={format.number(ingest.rate_per_s, ingest.rate_per_s < 10 ? 1 : 0)} unit={t("tile.rate.unit")}>
        {t("tile.rate.note", { accepted: format.compact(ingest.accepted), refused: format.compact(ingest.refused) })}
      </Tile>
      <Tile label={t("tile.lag")} {...lagOf()} warn={dead}>
        {dead ? t("tile.lag.dead") : ingest.marks ? t("tile.lag.marks", { count: ingest.marks }) : t("tile.lag.note")}
      </Tile>
      <Tile label={t("tile.alerts")} value={format.number(alerts.open)} warn={alerts.by_severity.critical > 0}>
        <Link className="text-link" to="/alerts">
          {t("tile.alerts.note", { critical: format.number(alerts.by_severity.critical), warning: format.number(alerts.by_severity.warning) })}
        </Link>
      </Tile>
      <Tile label={t("tile.energy")} {...format.energyParts(energy.today_import_wh)}>
        {t("tile.energy.note", { yesterday: format.energy(energy.yesterday_import_wh) })}
      </Tile>
    </ul>
  );

  function lagOf(): { value: string; unit?: string } {
    if (ingest.lag_ms === null) return { value: t("value.none") };
    return ingest.lag_ms < 1000
      ? { value: format.number(ingest.lag_ms), unit: "ms" }
      : { value: format.number(ingest.lag_ms / 1000, 1), unit: "s" };
  }
}

interface TileProps {
  label: string;
  value: string;
  unit?: string;
  warn?: boolean;
  children: ReactNode;
}

function Tile({ label, value, unit, warn = false, children }: TileProps) {
  return (
    <li className={warn ? "tile is-warn" : "tile"}>
      <span className="tile-label">{label}</span>
      <span className="tile-value">
        {value}
        {unit ? <small>{unit}</small> : null}
      </span>
      <span className="tile-note">{children}</span>
    </li>
  );
}

function MeterBar({ reporting, silent, never }: { reporting: number; silent: number; never: number }) {
  const total = Math.max(1, reporting + silent + never);
  const good = (reporting / total) * 100;
  const late = (silent / total) * 100;
  return (
    <svg className="tile-bar" width="100%" height="6" aria-hidden="true" focusable="false">
      <rect className="tile-bar-never" width="100%" height="6" rx="3" />
      <rect className="tile-bar-late" x={`${good}%`} width={`${late}%`} height="6" />
      <rect className="tile-bar-good" width={`${good}%`} height="6" rx="3" />
    </svg>
  );
}
