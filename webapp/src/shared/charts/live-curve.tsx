/* The power of the last minutes as a stepped area. It decorates the number beside it, which says the same in words:
   hidden from screen readers. Below its zero line energy flows back into the grid. */
import { useId } from "react";
import { useWidth } from "@/shared/lib/use-width";
import { curvePoints, stepPath } from "./geometry";

export interface LiveCurveProps {
  points: readonly { t: number; v: number }[];
  fromMs: number;
  toMs: number;
  height: number;
}

export function LiveCurve({ points, fromMs, toMs, height }: LiveCurveProps) {
  const [ref, width] = useWidth<HTMLDivElement>(360);
  const id = useId().replace(/[^a-zA-Z0-9]/g, "");
  const seen = points.filter((point) => point.t <= toMs);
  const before = seen.filter((point) => point.t < fromMs).at(-1);
  const inside = seen.filter((point) => point.t >= fromMs);
  const start = before ? [{ t: fromMs, v: before.v }] : [];
  const last = inside.at(-1) ?? before;
  const drawn = [...start, ...inside, ...(last ? [{ t: toMs, v: last.v }] : [])];
  const high = Math.max(1, ...drawn.map((point) => point.v)) * 1.15;
  const low = Math.min(0, ...drawn.map((point) => point.v)) * 1.15;
  const plot = height - 4;
  const xy = curvePoints(drawn, fromMs, toMs, [low, high], width, plot).map(({ x, y }) => ({ x, y: y + 2 }));
  const zero = 2 + plot * (high / (high - low));
  const line = xy.length > 1 ? stepPath(xy) : "";
  const first = xy[0];
  const end = xy.at(-1);
  return (
    <div ref={ref} className="live-curve" aria-hidden="true">
      <svg width="100%" height={height} focusable="false">
        <defs>
          <linearGradient id={id} x1="0" x2="0" y1="0" y2="1">
            <stop className="live-stop-top" offset="0" />
            <stop className="live-stop-bottom" offset="1" />
          </linearGradient>
        </defs>
        {line && first && end ? (
          <>
            <path d={`${line}V${zero.toFixed(1)}H${first.x.toFixed(1)}Z`} fill={`url(#${id})`} />
            {low < 0 ? <line className="live-zero" x1="0" x2="100%" y1={zero} y2={zero} /> : null}
            <path className="live-line" d={line} />
          </>
        ) : (
          <line className="live-line is-empty" x1="0" x2="100%" y1={height - 3} y2={height - 3} />
        )}
      </svg>
    </div>
  );
}
