/* After a decision everything that is derived from a meter's readings is asked for again: at once, and while the ingestor works it in, which takes
   seconds. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { keys } from "@/api/queries";

const AGAIN_MS = [0, 1500, 4000];

export function useDecided(meterId: string): () => void {
  const client = useQueryClient();
  return useCallback(() => {
    const stale = [keys.estimates, keys.verdicts, keys.quality, keys.readings(meterId), keys.usageOf(meterId), keys.bill(meterId), keys.bills(meterId), keys.fleet];
    const ask = () => {
      for (const queryKey of stale) void client.invalidateQueries({ queryKey });
    };
    for (const wait of AGAIN_MS) window.setTimeout(ask, wait);
  }, [client, meterId]);
}
