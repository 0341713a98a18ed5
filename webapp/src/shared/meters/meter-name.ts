import type { MyMeter } from "@/api/types";

/** What people call it, else its id. */
export function meterName(meter: Pick<MyMeter, "label" | "meter_id">): string {
  return meter.label ?? meter.meter_id;
}
