/* A short state in words, with a colour that repeats it. */
import type { ReactNode } from "react";

export type Tone = "neutral" | "good" | "info" | "warn" | "bad";

export function Chip({ tone = "neutral", children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`chip chip-${tone}`}>{children}</span>;
}
