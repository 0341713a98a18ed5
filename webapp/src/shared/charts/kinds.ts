/* How much a bar is worth believing, as the charts tell it apart. */
import type { Quality } from "@/api/types";
import type { MessageKey } from "@/shared/i18n/catalogue";

/** `ongoing`: the bucket that holds now. `future`: it has not begun, so nothing is missing. */
export type BarKind = "measured" | "estimated" | "partial" | "edited" | "missing" | "ongoing" | "future";

export const KIND_LABELS = {
  measured: "kind.measured",
  estimated: "kind.estimated",
  partial: "kind.partial",
  edited: "kind.edited",
  missing: "kind.missing",
  ongoing: "kind.ongoing",
  future: "kind.future",
} as const satisfies Record<BarKind, MessageKey>;

export interface BucketTimes {
  startUtcMs: number;
  endUtcMs: number;
  nowUtcMs: number;
}

export function kindOf(quality: Quality, value: number | null, { startUtcMs, endUtcMs, nowUtcMs }: BucketTimes): BarKind {
  if (startUtcMs > nowUtcMs) return "future";
  const ongoing = nowUtcMs < endUtcMs;
  if (value === null) return ongoing ? "ongoing" : "missing";
  if (ongoing) return "ongoing";
  return quality;
}
