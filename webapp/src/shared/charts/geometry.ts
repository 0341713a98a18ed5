/* Where things stand in a chart, in CSS pixels. Pure. */

export interface Scale {
  /** From the lowest to the highest, 0 among them. */
  ticks: number[];
  /** Digits behind the decimal sign that tell the ticks apart. */
  digits: number;
}

/** Round steps from 0 up to at least `up` and down to at least `down` (both as sizes, not signed), three to eight of
    them; 0 and 1 when there is nothing. */
export function niceScale(up: number, down = 0): Scale {
  const most = Math.max(up, down);
  if (!(most > 0)) return { ticks: [0, 1], digits: 0 };
  const rough = most / (down > 0 ? 3 : 4);
  const power = Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * 10 ** power).find((s) => s >= rough * (1 - 1e-9)) ?? 10 ** (power + 1);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const above = Math.max(1, Math.ceil(up / step - 1e-9));
  const below = Math.max(0, Math.ceil(down / step - 1e-9));
  // Not by adding up: 0.1 + 0.2 would show.
  const ticks = Array.from({ length: above + below + 1 }, (_, i) => Number(((i - below) * step).toFixed(digits)));
  return { ticks, digits };
}

export interface Slot {
  x: number;
  width: number;
}

/** `count` equal columns over `width`, with a gap that shrinks to nothing where columns are thin. */
export function slots(count: number, width: number): Slot[] {
  if (count === 0) return [];
  const step = width / count;
  const gap = step >= 14 ? Math.min(10, step * 0.3) : step >= 5 ? 1.5 : 0.5;
  return Array.from({ length: count }, (_, i) => ({ x: i * step + gap / 2, width: Math.max(0.75, step - gap) }));
}

/** Which column is under `x`. */
export function slotAt(x: number, count: number, width: number): number {
  return Math.max(0, Math.min(count - 1, Math.floor((x / width) * count)));
}

const ANY_STRIDE = [1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 24, 48] as const;

/** Every how many columns a label of `labelWidth` has room; one of `strides`, so that labels fall on whole hours. */
export function labelStride(count: number, width: number, labelWidth: number, strides: readonly number[] = ANY_STRIDE): number {
  const room = Math.max(1, Math.floor(width / labelWidth));
  const least = Math.ceil(count / room);
  return strides.find((n) => n >= least) ?? least;
}

/** A bar from the base line to `end`, above it or below, its outer corners rounded by at most `radius`. */
export function barPath(slot: Slot, base: number, end: number, radius: number): string {
  const r = Math.max(0, Math.min(radius, slot.width / 2, Math.abs(base - end)));
  const { x, width } = slot;
  const s = end <= base ? r : -r;
  return `M${x} ${base}V${end + s}q0 ${-s} ${r} ${-s}h${width - 2 * r}q${r} 0 ${r} ${s}V${base}Z`;
}

export interface XY {
  x: number;
  y: number;
}

/** Points over time: left edge `fromMs`, right edge `toMs`; `low` at the bottom, `high` at the top. */
export function curvePoints(
  points: readonly { t: number; v: number }[],
  fromMs: number,
  toMs: number,
  [low, high]: readonly [number, number],
  width: number,
  height: number,
): XY[] {
  const span = Math.max(1, toMs - fromMs);
  const scale = high > low ? height / (high - low) : 0;
  return points.map(({ t, v }) => ({ x: ((t - fromMs) / span) * width, y: height - (v - low) * scale }));
}

/** A stepped line: power is what it was until it was said to be something else. */
export function stepPath(points: readonly XY[]): string {
  return points.map(({ x, y }, i) => (i === 0 ? `M${x.toFixed(1)} ${y.toFixed(1)}` : `H${x.toFixed(1)}V${y.toFixed(1)}`)).join("");
}
