/* The fills of the bars. Each kind differs by its pattern, so that it can be told without its colour; colours come
   from the tokens by class. Ids are made unique per chart by `prefix`. */
import type { BarKind } from "./kinds";

export function Patterns({ prefix }: { prefix: string }) {
  return (
    <defs>
      <pattern id={`${prefix}-estimated`} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect className="pattern-ground" width="7" height="7" />
        <rect className="pattern-ink" width="3" height="7" />
      </pattern>
      <pattern id={`${prefix}-partial`} width="6" height="6" patternUnits="userSpaceOnUse">
        <rect className="pattern-ground" width="6" height="6" />
        <circle className="pattern-ink" cx="1.5" cy="1.5" r="1.25" />
        <circle className="pattern-ink" cx="4.5" cy="4.5" r="1.25" />
      </pattern>
      <pattern id={`${prefix}-edited`} width="6" height="6" patternUnits="userSpaceOnUse">
        <rect className="pattern-ground" width="6" height="6" />
        <rect className="pattern-ink" width="6" height="2.5" />
      </pattern>
      <pattern id={`${prefix}-missing`} width="9" height="9" patternUnits="userSpaceOnUse">
        <path className="pattern-cross" d="M2.500 2.500l4 4m0-4l-4 4" />
      </pattern>
    </defs>
  );
}

export function fillOf(kind: BarKind, prefix: string): string | undefined {
  return kind === "estimated" || kind === "partial" || kind === "edited" || kind === "missing" ? `url(#${prefix}-${kind})` : undefined;
}

export function Swatch({ kind, prefix }: { kind: BarKind | "exported"; prefix: string }) {
  return (
    <svg className="swatch" width="18" height="14" aria-hidden="true" focusable="false">
      <rect className={`bar bar-${kind}`} x="1" y="1" width="16" height="12" rx="2.5" fill={kind === "exported" ? undefined : fillOf(kind, prefix)} />
    </svg>
  );
}
