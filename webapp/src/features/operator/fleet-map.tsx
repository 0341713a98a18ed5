/* Where the meters are: dots by their position, told apart by form as well as colour, drawn as one path per condition
   so that ten thousand of them cost nothing. The table beside it says the same in words; the map is its picture. */
import { useMemo, useState, type PointerEvent } from "react";
import { useNavigate } from "react-router";
import { useI18n } from "@/shared/i18n/i18n";
import { meterPath } from "@/shared/lib/paths";
import { useWidth } from "@/shared/lib/use-width";
import { CONDITIONS, type Condition } from "@/shared/meters/condition";
import { meterName } from "@/shared/meters/meter-name";
import { Empty } from "@/shared/ui/states";
import type { FleetMeter } from "./fleet-page";
import { project, scaleBar } from "./map-geometry";

const HEIGHT = 420;
const REACH_PX = 18;

interface Dot extends FleetMeter {
  x: number;
  y: number;
}

/** A dot, a ring, a cross, a small dot, a dash: the form of each condition around (x, y). */
function shape(condition: Condition, x: number, y: number, r: number): string {
  const at = `${x.toFixed(1)} ${y.toFixed(1)}`;
  if (condition === "offline") return `M${at}m${-r} ${-r}l${2 * r} ${2 * r}m0 ${-2 * r}l${-2 * r} ${2 * r}`;
  if (condition === "silent") return `M${at}m${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
  if (condition === "inactive") return `M${at}m${-r} 0h${2 * r}`;
  return `M${at}h0`;
}

export function FleetMap({ meters }: { meters: readonly FleetMeter[] }) {
  const { t, format } = useI18n();
  const navigate = useNavigate();
  const [ref, width] = useWidth<HTMLDivElement>(480);
  const [over, setOver] = useState<Dot | null>(null);

  const { dots, metresPerPx } = useMemo(() => {
    const placed = meters.flatMap(({ meter, condition }) =>
      meter.latitude === null || meter.longitude === null ? [] : [{ meter, condition, latitude: meter.latitude, longitude: meter.longitude }],
    );
    const projection = project(placed, width, HEIGHT, 28);
    return { dots: placed.map((row): Dot => ({ ...row, x: projection.x(row), y: projection.y(row) })), metresPerPx: projection.metresPerPx };
  }, [meters, width]);

  const r = dots.length > 3000 ? 2 : dots.length > 300 ? 3 : 4.5;
  const paths = useMemo(
    () => CONDITIONS.map((condition) => ({ condition, d: dots.filter((dot) => dot.condition === condition).map((dot) => shape(condition, dot.x, dot.y, r)).join("") })),
    [dots, r],
  );
  if (dots.length === 0) {
    return (
      <div className="fleet-map is-empty">
        <Empty icon="pin" title={t("map.none.title")} reason={t("map.none.reason")} />
      </div>
    );
  }
  const nearest = (event: PointerEvent<HTMLDivElement>): Dot | null => {
    const box = event.currentTarget.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    let best: Dot | null = null;
    let bestD = REACH_PX ** 2;
    for (const dot of dots) {
      const d = (dot.x - px) ** 2 + (dot.y - py) ** 2;
      if (d < bestD) [best, bestD] = [dot, d];
    }
    return best;
  };
  const bar = scaleBar(metresPerPx, 110);
  const present = CONDITIONS.filter((condition) => dots.some((dot) => dot.condition === condition));
  return (
    <figure className="fleet-map">
      <div
        ref={ref}
        className={over ? "map-plane is-over" : "map-plane"}
        onPointerMove={(event) => setOver(nearest(event))}
        onPointerLeave={() => setOver(null)}
        onPointerUp={(event) => {
          const dot = nearest(event);
          if (dot) void navigate(meterPath(dot.meter.meter_id));
        }}
      >
        <svg width="100%" height={HEIGHT} role="img" aria-label={t("map.label", { count: dots.length })}>
          <defs>
            <pattern id="map-grid" width="48" height="48" patternUnits="userSpaceOnUse">
              <path className="map-grid" d="M48 0H0V48" />
            </pattern>
          </defs>
          <rect width="100%" height={HEIGHT} fill="url(#map-grid)" />
          {paths.map(({ condition, d }) => (
            <path key={condition} className={`map-dots map-${condition}`} d={d} strokeWidth={condition === "reporting" || condition === "never" ? r * 2 : 2} />
          ))}
          {over ? <circle className="map-over" cx={over.x} cy={over.y} r={r + 6} /> : null}
          <g transform={`translate(16 ${HEIGHT - 16})`}>
            <path className="map-scale" d={`M0 -5V0H${bar.px.toFixed(1)}V-5`} />
            <text className="map-scale-text" x={bar.px / 2} y={-8} textAnchor="middle">
              {bar.metres >= 1000 ? `${format.number(bar.metres / 1000)}\u00a0km` : `${format.number(bar.metres)}\u00a0m`}
            </text>
          </g>
        </svg>
        {over ? (
          <div className="chart-tooltip" aria-hidden="true" style={{ insetInlineStart: Math.max(80, Math.min(width - 80, over.x)), insetBlockStart: Math.max(4, over.y - 76) }}>
            <strong>{meterName(over.meter)}</strong>
            <span>{t(`condition.${over.condition}`)}</span>
          </div>
        ) : null}
      </div>
      <figcaption>
        <ul className="chart-legend">
          {present.map((condition) => (
            <li key={condition}>
              <svg className="swatch" width="18" height="18" aria-hidden="true" focusable="false">
                <path className={`map-dots map-${condition}`} d={shape(condition, 9, 9, 4.5)} strokeWidth={condition === "reporting" || condition === "never" ? 9 : 2} />
              </svg>
              {t(`condition.${condition}`)}
            </li>
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}
