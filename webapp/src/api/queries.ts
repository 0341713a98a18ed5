/* Every read of the app as TanStack Query options: the key says what it is, so that the live stream can put new
   state in the same place. Polling is the fallback of the stream and therefore slow. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { body, client, request } from "./client";
import { isStatus } from "./errors";
import type { AlertState, Bucket, CheckName, MeterState, NewEstimate, VerdictName, VerdictPlace } from "./types";

const MINUTE_MS = 60_000;
/** Rows of one page of meters; the server allows 1,000. */
const METERS_PAGE = 1000;

export const keys = {
  me: ["me"] as const,
  /** Not fetched: true when the last session ended by itself. */
  expired: ["expired"] as const,
  meters: ["meters"] as const,
  meter: (meterId: string) => ["meter", meterId] as const,
  bill: (meterId: string) => ["bill", meterId] as const,
  bills: (meterId: string) => ["bills", meterId] as const,
  usageOf: (meterId: string) => ["usage", meterId] as const,
  alerts: ["alerts"] as const,
  rules: (meterId: string) => ["rules", meterId] as const,
  readings: (meterId: string) => ["readings", meterId] as const,
  fleet: ["fleet"] as const,
  verdicts: ["verdicts"] as const,
  estimates: ["estimates"] as const,
  quality: ["quality"] as const,
  events: ["events"] as const,
};

export interface AlertFilter {
  meterId?: string;
  state?: AlertState | "open";
}

export interface VerdictFilter {
  meterId?: string;
  district?: string;
  place?: VerdictPlace | "any";
  verdict?: VerdictName | CheckName;
  /** Local dates or instants; `to` does not count. */
  from?: string;
  to?: string;
  limit?: number;
}

export interface QualityFilter {
  from: string;
  to: string;
  meterId?: string;
  district?: string;
  incomplete?: boolean;
}

export interface MeterFilter {
  q?: string;
  state?: MeterState;
}

export const queries = {
  /** Null when nobody is logged in: that is an answer, not an error. */
  me: () =>
    queryOptions({
      queryKey: keys.me,
      queryFn: async ({ signal }) => {
        try {
          return await body(client.GET("/api/v1/me", { signal }));
        } catch (error) {
          if (isStatus(error, 401)) return null;
          throw error;
        }
      },
      staleTime: Infinity,
    }),

  meter: (meterId: string) =>
    queryOptions({
      queryKey: keys.meter(meterId),
      queryFn: ({ signal }) => body(client.GET("/api/v1/meters/{meter_id}", { params: { path: { meter_id: meterId } }, signal })),
      staleTime: MINUTE_MS,
    }),

  /** Null while the meter has no bill: no reading came yet. */
  bill: (meterId: string) =>
    queryOptions({
      queryKey: keys.bill(meterId),
      queryFn: async ({ signal }) => {
        try {
          return await body(client.GET("/api/v1/meters/{meter_id}/bill", { params: { path: { meter_id: meterId } }, signal }));
        } catch (error) {
          if (isStatus(error, 404) && error.code === "no_bill_yet") return null;
          throw error;
        }
      },
      refetchInterval: MINUTE_MS,
    }),

  bills: (meterId: string) =>
    infiniteQueryOptions({
      queryKey: keys.bills(meterId),
      queryFn: ({ signal, pageParam }) =>
        body(client.GET("/api/v1/bills", { params: { query: { meter_id: meterId, limit: 24, ...cursorOf(pageParam) } }, signal })),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next_cursor,
    }),

  billById: (billId: string) =>
    queryOptions({
      queryKey: ["bill-by-id", billId],
      queryFn: ({ signal }) => body(client.GET("/api/v1/bills/{bill_id}", { params: { path: { bill_id: billId } }, signal })),
    }),

  usage: (meterId: string, bucket: Bucket, from: string, to: string, options: { live?: boolean } = {}) =>
    queryOptions({
      queryKey: [...keys.usageOf(meterId), bucket, from, to],
      queryFn: ({ signal }) =>
        body(client.GET("/api/v1/meters/{meter_id}/usage", { params: { path: { meter_id: meterId }, query: { bucket, from, to } }, signal })),
      ...(options.live ? { refetchInterval: MINUTE_MS } : {}),
    }),

  readings: (meterId: string) =>
    infiniteQueryOptions({
      queryKey: keys.readings(meterId),
      queryFn: ({ signal, pageParam }) =>
        body(
          client.GET("/api/v1/meters/{meter_id}/readings", {
            params: { path: { meter_id: meterId }, query: { limit: 100, order: "desc", ...cursorOf(pageParam) } },
            signal,
          }),
        ),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next_cursor,
    }),

  /** The last readings from an instant on, oldest first: the beginning of the live curve. */
  recentReadings: (meterId: string, from: string) =>
    queryOptions({
      queryKey: [...keys.readings(meterId), "recent"],
      queryFn: ({ signal }) =>
        body(
          client.GET("/api/v1/meters/{meter_id}/readings", {
            params: { path: { meter_id: meterId }, query: { from, limit: 300, order: "desc" } },
            signal,
          }),
        ),
      staleTime: Infinity,
    }),

  rules: (meterId: string) =>
    queryOptions({
      queryKey: keys.rules(meterId),
      queryFn: ({ signal }) =>
        request(client.GET("/api/v1/meters/{meter_id}/alert-rules", { params: { path: { meter_id: meterId } }, signal })),
    }),

  alerts: (filter: AlertFilter = {}) =>
    infiniteQueryOptions({
      queryKey: [...keys.alerts, filter],
      queryFn: ({ signal, pageParam }) =>
        body(
          client.GET("/api/v1/alerts", {
            params: {
              query: {
                ...(filter.meterId === undefined ? {} : { meter_id: filter.meterId }),
                ...(filter.state === undefined ? {} : { state: filter.state }),
                limit: 50,
                ...cursorOf(pageParam),
              },
            },
            signal,
          }),
        ),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next_cursor,
      refetchInterval: MINUTE_MS,
    }),

  /** What was refused at the door, judged over its neighbours or found over time, newest first. A meter that does not exist has none. */
  verdicts: ({ limit = 50, meterId, ...filter }: VerdictFilter) =>
    infiniteQueryOptions({
      queryKey: [...keys.verdicts, { limit, meterId, ...filter }],
      queryFn: ({ signal, pageParam }) =>
        noneIfUnknown(
          body(client.GET("/api/v1/verdicts", { params: { query: { ...(meterId ? { meter_id: meterId } : {}), ...given(filter), limit, ...cursorOf(pageParam) } }, signal })),
        ),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next_cursor,
      refetchInterval: MINUTE_MS,
    }),

  /** How complete local days are. */
  quality: ({ meterId, ...filter }: QualityFilter) =>
    infiniteQueryOptions({
      queryKey: [...keys.quality, { meterId, ...filter }],
      queryFn: ({ signal, pageParam }) =>
        noneIfUnknown(
          body(client.GET("/api/v1/quality", { params: { query: { ...(meterId ? { meter_id: meterId } : {}), ...given(filter), limit: 62, ...cursorOf(pageParam) } }, signal })),
        ),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next_cursor,
      refetchInterval: MINUTE_MS,
    }),

  /** What a meter told besides readings. */
  events: (meterId: string, from: string, to: string) =>
    queryOptions({
      queryKey: [...keys.events, meterId, from, to],
      queryFn: ({ signal }) =>
        body(client.GET("/api/v1/meters/{meter_id}/events", { params: { path: { meter_id: meterId }, query: { from, to, limit: 500 } }, signal })),
      refetchInterval: MINUTE_MS,
    }),

  outages: (meterId: string, from: string, to: string) =>
    queryOptions({
      queryKey: [...keys.events, "outages", meterId, from, to],
      queryFn: ({ signal }) => body(client.GET("/api/v1/meters/{meter_id}/outages", { params: { path: { meter_id: meterId }, query: { from, to } }, signal })),
      refetchInterval: MINUTE_MS,
    }),

  /** Decisions on the readings of one meter, newest first. */
  decisions: (meterId: string) =>
    queryOptions({
      queryKey: [...keys.estimates, "of", meterId],
      queryFn: ({ signal }) => body(client.GET("/api/v1/estimates", { params: { query: { meter_id: meterId, limit: 500 } }, signal })),
      refetchInterval: MINUTE_MS,
    }),

  /** Decisions that wait for a second person. */
  proposals: () =>
    infiniteQueryOptions({
      queryKey: [...keys.estimates, "proposed"],
      queryFn: ({ signal, pageParam }) =>
        body(client.GET("/api/v1/estimates", { params: { query: { state: "proposed", limit: 20, ...cursorOf(pageParam) } }, signal })),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next_cursor,
      refetchInterval: MINUTE_MS,
    }),

  /** What a decision would change. */
  preview: (decision: Omit<NewEstimate, "reason">) =>
    queryOptions({
      queryKey: [...keys.estimates, "preview", decision],
      queryFn: ({ signal }) => body(client.POST("/api/v1/estimates/preview", { params: {}, body: decision, signal })),
      retry: false,
      gcTime: 0,
    }),

  fleet: () =>
    queryOptions({
      queryKey: keys.fleet,
      queryFn: ({ signal }) => body(client.GET("/api/v1/fleet/summary", { signal })),
      refetchInterval: 5000,
    }),

  meters: (filter: MeterFilter) =>
    infiniteQueryOptions({
      queryKey: [...keys.meters, filter],
      queryFn: ({ signal, pageParam }) =>
        body(
          client.GET("/api/v1/meters", {
            params: {
              query: {
                ...(filter.q ? { search: filter.q } : {}),
                ...(filter.state === undefined ? {} : { state: filter.state }),
                limit: METERS_PAGE,
                ...cursorOf(pageParam),
              },
            },
            signal,
          }),
        ),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next_cursor,
      staleTime: MINUTE_MS,
    }),
};

function cursorOf(cursor: string | null): { cursor?: string } {
  return cursor === null ? {} : { cursor };
}

function given<T extends object>(filter: T): T {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value !== "")) as T;
}

/** A name that is no meter's, or not yet typed to its end, is no failure. */
async function noneIfUnknown<T extends { items: unknown[]; next_cursor: string | null }>(page: Promise<T>): Promise<T | { items: T["items"]; next_cursor: null }> {
  try {
    return await page;
  } catch (error) {
    if (isStatus(error, 404)) return { items: [], next_cursor: null };
    throw error;
  }
}
