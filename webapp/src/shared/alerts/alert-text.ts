/* What an alert says, in the chosen language: its message is the server's, its kind and numbers are worded here. */
import type { Alert, Severity } from "@/api/types";
import type { Translate } from "@/shared/i18n/catalogue";
import type { Format } from "@/shared/i18n/format";
import type { Tone } from "@/shared/ui/chip";

export function alertValue(value: number, unit: string, format: Format): string {
  if (unit === "Wh") return format.energy(value);
  if (unit === "W") return format.power(value);
  if (unit === "percent") return format.percent(value * 10);
  return `${format.number(value)}\u00a0${unit}`;
}

export function subjectName(alert: Alert, t: Translate): string {
  const { meter_id, district, feeder } = alert.subject;
  if (meter_id !== undefined) return meter_id;
  if (district !== undefined) return t("alert.subject.district", { name: district });
  if (feeder !== undefined) return t("alert.subject.feeder", { name: feeder });
  return t("alert.subject.system");
}

export function toneOf(severity: Severity): Tone {
  return severity === "critical" ? "bad" : severity === "warning" ? "warn" : "info";
}
