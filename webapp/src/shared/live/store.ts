/* What the live stream last said, outside of React: the last reading of each meter, and for a few watched meters the
   curve of the last minutes. Bounded: METERS_MAX meters, POINTS_MAX points each. */
import type { StreamState } from "./stream";

export interface LiveReading {
  meterId: string;
  tsUtcMs: number;
  /** Null when the meter does not say its power. */
  powerW: number | null;
  energyWh: number | null;
}

export interface Point {
  tsUtcMs: number;
  powerW: number;
}

const METERS_MAX = 20_000;
const POINTS_MAX = 600;
const NO_POINTS: readonly Point[] = [];

export class LiveStore {
  #state: StreamState = "stopped";
  #last = new Map<string, LiveReading>();
  #curves = new Map<string, readonly Point[]>();
  #listeners = new Set<() => void>();

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  state = (): StreamState => this.#state;
  last = (meterId: string): LiveReading | null => this.#last.get(meterId) ?? null;
  curve = (meterId: string): readonly Point[] => this.#curves.get(meterId) ?? NO_POINTS;

  setState(state: StreamState): void {
    this.#state = state;
    this.#tell();
  }

  put(readings: readonly LiveReading[]): void {
    for (const reading of readings) {
      const known = this.#last.get(reading.meterId);
      if (known !== undefined && known.tsUtcMs > reading.tsUtcMs) continue;
      if (known === undefined && this.#last.size >= METERS_MAX) continue;
      this.#last.set(reading.meterId, reading);
      const curve = this.#curves.get(reading.meterId);
      if (curve !== undefined && reading.powerW !== null) {
        this.#curves.set(reading.meterId, merge(curve, [{ tsUtcMs: reading.tsUtcMs, powerW: reading.powerW }]));
      }
    }
    this.#tell();
  }

  /** Begins (or completes) the curve of a meter that somebody looks at. */
  seed(meterId: string, points: readonly Point[]): void {
    this.#curves.set(meterId, merge(this.curve(meterId), points));
    this.#tell();
  }

  clear(): void {
    this.#last.clear();
    this.#curves.clear();
    this.#state = "stopped";
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** By time, without repetitions, the newest POINTS_MAX. */
function merge(curve: readonly Point[], more: readonly Point[]): readonly Point[] {
  const tail = curve.at(-1);
  const next = more[0];
  if (more.length === 1 && next !== undefined && (tail === undefined || tail.tsUtcMs < next.tsUtcMs)) {
    return [...curve.slice(-(POINTS_MAX - 1)), next];
  }
  const byTime = new Map([...curve, ...more].map((point) => [point.tsUtcMs, point]));
  return [...byTime.values()].sort((a, b) => a.tsUtcMs - b.tsUtcMs).slice(-POINTS_MAX);
}
