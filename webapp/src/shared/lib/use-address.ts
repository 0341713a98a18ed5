/* What is looked at, kept in the address: `change` sets some of its parameters, an empty text removes one. */
import { useCallback, useEffect, useRef } from "react";
import { useSearchParams } from "react-router";

export type ChangeAddress = (part: Readonly<Record<string, string>>) => void;

export function useAddress(): [URLSearchParams, ChangeAddress] {
  const [params, setParams] = useSearchParams();
  // The router draws a new address when it finds time and hands out the drawn one until then: a change made meanwhile starts from the last one asked for.
  const latest = useRef(params);
  const undrawn = useRef<string[]>([]);
  useEffect(() => {
    const place = undrawn.current.lastIndexOf(params.toString());
    undrawn.current = place < 0 ? [] : undrawn.current.slice(place + 1);
    if (undrawn.current.length === 0) latest.current = params;
  }, [params]);
  const change = useCallback<ChangeAddress>(
    (part) => {
      const next = new URLSearchParams(latest.current);
      for (const [name, value] of Object.entries(part)) {
        if (value === "") next.delete(name);
        else next.set(name, value);
      }
      latest.current = next;
      undrawn.current.push(next.toString());
      setParams(next, { replace: true });
    },
    [setParams],
  );
  return [params, change];
}
