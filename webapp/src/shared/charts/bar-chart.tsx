/* Bars over equal buckets of time, with an arrow-key cursor. To a screen reader it is a slider along the buckets:
   each arrow says the bucket and its value. The same numbers stand in the table of ChartCard. */
import { useId, useState, type KeyboardEvent, type PointerEvent } from "react";
import { useWidth } from "@/shared/lib/use-width";
import { barPath, labelStride, niceScale, slotAt, slots } from "./geometry";
import type { BarKind } from "./kinds";
import { fillOf, Patterns } from "./patterns";

export interface Bar {
  key: string;
  /** Under the axis; short. */
  label: string;
  /** In the tooltip and the table; whole. */
  title: string;
  /** Null is missing, never 0. */
  value: number | null;
  valueText: string;
  /** What flowed back into the grid: drawn below the base line. Absent where a series has none. */
  exported?: { value: number; amount: string; text: string } | undefined;
  kind: BarKind;
  kindText: string;
}

export interface BarChartProps {
  label: string;
  bars: readonly Bar[];
  height: number;
  unit: string;
  /** The value in which ticks are chosen, e.g. kWh for values in Wh: value / scale. */
  scale: number;
  formatTick: (value: number, digits: number) => string;
  prefix: string;
  labelWidth?: number;
  /** See labelStride. */
  strides?: readonly number[] | undefined;
}

const AXIS = 26;
const TOP = 22;

export function BarChart({ label, bars, height, unit, scale, formatTick, prefix, labelWidth = 34, strides }: BarChartProps) {
  const [ref, width] = useWidth<HTMLDivElement>(600);
  const [at, setAt] = useState<number | null>(null);
  const tooltipId = useId();

  const up = Math.max(0, ...bars.map((bar) => bar.value ?? 0)) / scale;
  const down = Math.max(0, ...bars.map((bar) => bar.exported?.value ?? 0)) / scale;
  const { ticks, digits } = niceScale(up, down);
  const high = (ticks.at(-1) ?? 1) * scale;
  const low = (ticks[0] ?? 0) * scale;
  const tickTexts = ticks.map((tick) => formatTick(Math.abs(tick), digits));
  const gutter = Math.max(...tickTexts.map((text) => text.length)) * 7.2 + 10;
  const plotWidth = Math.max(10, width - gutter);
  const bottom = height - AXIS;
  const y = (value: number) => bottom - ((value - low) / (high - low)) * (bottom - TOP);
  const base = y(0);
  const columns = slots(bars.length, plotWidth);
  const stride = labelStride(bars.length, plotWidth, labelWidth, strides);
  const cursor = at === null ? null : Math.min(at, bars.length - 1);
  const shown = cursor === null ? undefined : bars[cursor];
  const shownSlot = cursor === null ? undefined : columns[cursor];
  const lastKnown = bars.reduce((last, bar, i) => (bar.kind === "future" ? last : i), 0);

  const point = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const x = event.clientX - box.left - gutter;
    if (x >= 0) setAt(slotAt(x, bars.length, plotWidth));
  };
  const key = (event: KeyboardEvent) => {
    const from = cursor ?? lastKnown;
    const next: Record<string, number | null> = {
      ArrowLeft: from - (cursor === null ? 0 : 1),
      ArrowDown: from - (cursor === null ? 0 : 1),
      ArrowRight: from + (cursor === null ? 0 : 1),
      ArrowUp: from + (cursor === null ? 0 : 1),
      PageDown: from - 7,
      PageUp: from + 7,
      Home: 0,
      End: bars.length - 1,
      Escape: null,
    };
    if (!(event.key in next)) return;
    event.preventDefault();
    const to = next[event.key] ?? null;
    setAt(to === null ? null : Math.max(0, Math.min(bars.length - 1, to)));
  };

  const spoken = bars[cursor ?? lastKnown];
  return (
    <div
      ref={ref}
      className="chart"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={1}
      aria-valuemax={Math.max(1, bars.length)}
      aria-valuenow={(cursor ?? lastKnown) + 1}
      aria-valuetext={spoken ? [`${spoken.title}: ${spoken.valueText}`, spoken.exported?.text, spoken.kindText].filter(Boolean).join(", ") : ""}
      onPointerMove={point}
      onPointerDown={point}
      onPointerLeave={(event) => event.pointerType === "mouse" && setAt(null)}
      onKeyDown={key}
      onBlur={() => setAt(null)}
    >
      <svg width="100%" height={height} aria-hidden="true" focusable="false">
        <Patterns prefix={prefix} />
        <text className="chart-unit" x={0} y={11}>
          {unit}
        </text>
        {ticks.map((tick, i) => (
          <g key={tick}>
            <line className={tick === 0 ? "chart-base" : "chart-grid"} x1={gutter} x2={width} y1={y(tick * scale)} y2={y(tick * scale)} />
            <text className="chart-tick" x={gutter - 8} y={y(tick * scale) + 4} textAnchor="end">
              {tickTexts[i]}
            </text>
          </g>
        ))}
        {shownSlot ? (
          <rect className="chart-cursor" x={gutter + shownSlot.x - 3} y={TOP - 8} width={shownSlot.width + 6} height={bottom - TOP + 8} rx={4} />
        ) : null}
        <g transform={`translate(${gutter} 0)`}>
          {bars.map((bar, i) => {
            const slot = columns[i];
            return slot ? <BarShape key={bar.key} bar={bar} slot={slot} base={base} top={TOP} y={y} prefix={prefix} /> : null;
          })}
          {bars.map((bar, i) => {
            const slot = columns[i];
            return slot && i % stride === 0 ? (
              <text key={bar.key} className={i === cursor ? "chart-label is-current" : "chart-label"} x={slot.x + slot.width / 2} y={height - 7} textAnchor="middle">
                {bar.label}
              </text>
            ) : null;
          })}
        </g>
      </svg>
      {shown && shownSlot ? (
        <div
          id={tooltipId}
          className="chart-tooltip"
          aria-hidden="true"
          style={{ insetInlineStart: Math.max(76, Math.min(width - 76, gutter + shownSlot.x + shownSlot.width / 2)) }}
        >
          <span className="chart-tooltip-title">{shown.title}</span>
          <strong>{shown.valueText}</strong>
          {shown.exported ? <span>{shown.exported.text}</span> : null}
          <span>{shown.kindText}</span>
        </div>
      ) : null}
    </div>
  );
}

interface BarShapeProps {
  bar: Bar;
  slot: { x: number; width: number };
  base: number;
  top: number;
  y: (value: number) => number;
  prefix: string;
}

function BarShape({ bar, slot, base, top, y, prefix }: BarShapeProps) {
  const fill = fillOf(bar.kind, prefix);
  if (bar.kind === "missing") {
    return <rect className="bar bar-missing" x={slot.x} y={top} width={slot.width} height={base - top} rx={Math.min(4, slot.width / 2)} fill={fill} />;
  }
  if (bar.kind === "future" || bar.value === null) {
    return <line className="bar-future" x1={slot.x} x2={slot.x + slot.width} y1={base - 2} y2={base - 2} />;
  }
  return (
    <>
      {/* A zero that was measured is seen: two pixels of bar on the base line. */}
      <path className={`bar bar-${bar.kind}`} d={barPath(slot, base, Math.min(base - 2, y(bar.value)), 4)} fill={fill} />
      {bar.exported && bar.exported.value > 0 ? (
        <path className="bar bar-exported" d={barPath(slot, base + 1, Math.max(base + 3, y(-bar.exported.value)), 4)} />
      ) : null}
    </>
  );
}
