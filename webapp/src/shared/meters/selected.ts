/* Which of one's meters the household screens are about: `?meter=` says, else the one chosen last, else the first. */
import { useCallback } from "react";
import { useSearchParams } from "react-router";
import type { Me, MyMeter } from "@/api/types";
import { readStored, writeStored } from "@/shared/lib/stored";
import { useMe } from "@/shared/session/session";

const STORED = "quilowatt.meter";

export function chooseMeter(me: Pick<Me, "meters">, wanted: string | null, stored: string | null): MyMeter | null {
  const find = (id: string | null) => me.meters.find((meter) => meter.meter_id === id);
  return find(wanted) ?? find(stored) ?? me.meters[0] ?? null;
}

export function useSelectedMeter(): { meter: MyMeter | null; select: (meterId: string) => void; search: string } {
  const me = useMe();
  const [params, setParams] = useSearchParams();
  const wanted = params.get("meter");
  const meter = chooseMeter(me, wanted, readStored(STORED));
  const select = useCallback(
    (meterId: string) => {
      writeStored(STORED, meterId);
      setParams({ meter: meterId }, { replace: true });
    },
    [setParams],
  );
  return { meter, select, search: wanted === null || meter === null ? "" : `?meter=${meter.meter_id}` };
}
