/* Where things stand in a chart, in CSS pixels. Pure. */

/** Round steps from 0 to at least `most`, three to five of them; [0, 1] when there is nothing above 0. */
export function niceTicks(most: number): number[] {
  if (!(most > 0)) return [0, 1];
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough - 1e-9) ?? 10 * power;
  const ticks: number[] = [];
  for (let i = 0; ; i++) {
    // Not by adding up: 0.1 + 0.2 would show.
    const tick = Number((i * step).toPrecision(12));
    ticks.push(tick);
    if (tick >= most) return ticks;
  }
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

/** A bar from the base line up, its upper corners rounded by at most `radius`. */
export function barPath(slot: Slot, base: number, top: number, radius: number): string {
  const height = base - top;
  const r = Math.max(0, Math.min(radius, slot.width / 2, height));
  const { x, width } = slot;
  return `M${x} ${base}V${top + r}q0 ${-r} ${r} ${-r}h${width - 2 * r}q${r} 0 ${r} ${r}V${base}Z`;
}

export interface XY {
  x: number;
  y: number;
}

/** Points over time, left edge `fromMs`, right edge `toMs`, value 0 at the bottom and `most` at the top. */
export function curvePoints(points: readonly { t: number; v: number }[], fromMs: number, toMs: number, most: number, width: number, height: number): XY[] {
  const span = Math.max(1, toMs - fromMs);
  const scale = most > 0 ? height / most : 0;
  return points.map(({ t, v }) => ({ x: ((t - fromMs) / span) * width, y: height - Math.max(0, v) * scale }));
}

/** A stepped line: power is what it was until it was said to be something else. */
export function stepPath(points: readonly XY[]): string {
  return points.map(({ x, y }, i) => (i === 0 ? `M${x.toFixed(1)} ${y.toFixed(1)}` : `H${x.toFixed(1)}V${y.toFixed(1)}`)).join("");
}
