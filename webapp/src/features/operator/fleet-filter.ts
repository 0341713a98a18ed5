/* One filter for the map and the table, kept in the address: `q` and `state` are asked of the server, `condition`
   depends on the clock and is applied here. */
import { useEffect, useState } from "react";
import type { MeterState } from "@/api/types";
import { useAddress } from "@/shared/lib/use-address";
import { CONDITIONS, type Condition } from "@/shared/meters/condition";

const STATES: readonly MeterState[] = ["unassigned", "active", "inactive"];
const TYPING_MS = 250;

export interface FleetFilter {
  q: string;
  state: MeterState | "";
  condition: Condition | "";
}

export function useFleetFilter(): { filter: FleetFilter; change: (part: Partial<FleetFilter>) => void } {
  const [params, change] = useAddress();
  const filter: FleetFilter = {
    q: (params.get("q") ?? "").slice(0, 64),
    state: STATES.find((state) => state === params.get("state")) ?? "",
    condition: CONDITIONS.find((condition) => condition === params.get("condition")) ?? "",
  };
  return { filter, change };
}

/** The value once it has rested: a search is not asked for at every key. */
export function useRested(value: string): string {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setRested(value), TYPING_MS);
    return () => window.clearTimeout(timer);
  }, [value]);
  return rested;
}
