/* The live stream for React: readings go to the live store, bills and alerts to the query cache, and what must be
   fetched anew is said to be out of date. */
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { createContext, use, useEffect, useMemo, useSyncExternalStore, type ReactNode } from "react";
import { sessionExpired } from "@/api/client";
import { keys } from "@/api/queries";
import type { Bill } from "@/api/types";
import { LiveCoordinator, type Batch, type Channel } from "./coordinator";
import { LiveStore, type LiveReading, type Point } from "./store";
import type { ServerEvent } from "./sse";
import type { StreamState } from "./stream";

const LiveContext = createContext<LiveStore>(new LiveStore());

export function LiveProvider({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient();
  const store = useMemo(() => new LiveStore(), []);

  useEffect(() => {
    const coordinator = new LiveCoordinator(
      "/api/v1/live",
      {
        onBatch: (batch) => receive(batch, store, queryClient),
        onState: (state) => store.setState(state),
        onUnauthorized: sessionExpired,
      },
      {
        fetch: (input, init) => globalThis.fetch(input, init),
        setTimeout: (run, ms) => window.setTimeout(run, ms),
        clearTimeout: (timer) => window.clearTimeout(timer as number | undefined),
        random: Math.random,
        // Absent outside of secure contexts, whatever the DOM types say.
        locks: (navigator as { locks?: LockManager }).locks,
        channel: typeof BroadcastChannel === "undefined" ? undefined : (new BroadcastChannel("quilowatt.live") as unknown as Channel),
      },
    );
    const look = () => coordinator.setVisible(document.visibilityState === "visible");
    const leave = () => coordinator.setVisible(false);
    const online = () => coordinator.hurry();
    const offline = () => coordinator.interrupt();
    document.addEventListener("visibilitychange", look);
    window.addEventListener("offline", offline);
    window.addEventListener("pagehide", leave);
    window.addEventListener("pageshow", look);
    window.addEventListener("online", online);
    look();
    return () => {
      document.removeEventListener("visibilitychange", look);
      window.removeEventListener("offline", offline);
      window.removeEventListener("pagehide", leave);
      window.removeEventListener("pageshow", look);
      window.removeEventListener("online", online);
      coordinator.close();
    };
  }, [queryClient, store]);

  return <LiveContext value={store}>{children}</LiveContext>;
}

export function useLiveStore(): LiveStore {
  return use(LiveContext);
}

export function useLiveState(): StreamState {
  const store = use(LiveContext);
  return useSyncExternalStore(store.subscribe, store.state);
}

export function useLiveReading(meterId: string): LiveReading | null {
  const store = use(LiveContext);
  return useSyncExternalStore(store.subscribe, () => store.last(meterId));
}

export function useLiveCurve(meterId: string): readonly Point[] {
  const store = use(LiveContext);
  return useSyncExternalStore(store.subscribe, () => store.curve(meterId));
}

function receive(batch: Batch, store: LiveStore, queryClient: QueryClient): void {
  const readings: LiveReading[] = [];
  let alerts = false;
  for (const event of batch.events) {
    if (event.event === "reset") {
      void queryClient.invalidateQueries({ predicate: (query) => query.queryKey[0] !== keys.me[0] });
      continue;
    }
    const data = parse(event);
    if (data === null) continue;
    if (event.event === "reading") readings.push(...readingOf(data));
    else if (event.event === "bill") putBill(data as unknown as Bill, queryClient);
    else if (event.event === "alert") alerts = true;
  }
  if (readings.length > 0) store.put(readings);
  for (const reading of readings) refreshMoney(reading.meterId, queryClient);
  if (alerts) refreshAlerts(queryClient);
}

/** Bill events come at most once a minute; who looks at a bill sees what a reading did to it sooner. */
const MONEY_MS = 5000;
const moneyDue = new Map<string, number>();

function refreshMoney(meterId: string, queryClient: QueryClient): void {
  if (moneyDue.has(meterId) || queryClient.getQueryCache().find({ queryKey: keys.bill(meterId) })?.isActive() !== true) return;
  const timer = window.setTimeout(() => {
    moneyDue.delete(meterId);
    void queryClient.invalidateQueries({ queryKey: keys.bill(meterId) });
    void queryClient.invalidateQueries({ queryKey: keys.usageOf(meterId) });
  }, MONEY_MS);
  moneyDue.set(meterId, timer);
}

const refreshes = new WeakMap<QueryClient, number>();

/** At most one a second: a fleet may raise a hundred alerts at once. */
function refreshAlerts(queryClient: QueryClient): void {
  if (refreshes.has(queryClient)) return;
  const timer = window.setTimeout(() => {
    refreshes.delete(queryClient);
    void queryClient.invalidateQueries({ queryKey: keys.alerts });
  }, 1000);
  refreshes.set(queryClient, timer);
}

function parse(event: ServerEvent): Record<string, unknown> | null {
  try {
    const data: unknown = JSON.parse(event.data);
    return typeof data === "object" && data !== null ? (data as Record<string, unknown>) : null;
  } catch {
    return null; // Not of the contract: one event is lost, the stream goes on.
  }
}

export function readingOf(data: Record<string, unknown>): LiveReading[] {
  const { meter_id: meterId, ts, power_w: power, energy_wh: energy } = data;
  const tsUtcMs = typeof ts === "number" ? ts : typeof ts === "string" ? Date.parse(ts) : NaN;
  if (typeof meterId !== "string" || !Number.isFinite(tsUtcMs)) return [];
  return [
    {
      meterId,
      tsUtcMs,
      powerW: typeof power === "number" ? power : null,
      energyWh: typeof energy === "number" ? energy : null,
    },
  ];
}

/** The bill is the same object here and in REST; the use it was made from has changed with it. */
function putBill(bill: Bill, queryClient: QueryClient): void {
  if (typeof bill.meter_id !== "string") return;
  // Only where somebody looks: an operator hears the bills of the whole fleet.
  if (queryClient.getQueryState(keys.bill(bill.meter_id)) === undefined) return;
  queryClient.setQueryData(keys.bill(bill.meter_id), bill);
  void queryClient.invalidateQueries({ queryKey: keys.usageOf(bill.meter_id) });
}
