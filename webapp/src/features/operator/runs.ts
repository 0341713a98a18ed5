/* Bill runs: what is read of them, and what is asked. Asking again is safe at any time. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { body, client } from "@/api/client";
import type { components } from "@/api/schema";

export type BillRun = components["schemas"]["BillRun"];
export type BillRunItem = components["schemas"]["BillRunItem"];
export type ItemState = BillRunItem["state"];
export type Gate = BillRunItem["gates"][number];

export const ITEM_STATES = ["ready", "held", "issued", "stale"] as const satisfies readonly ItemState[];

export const runKeys = { all: ["bill-runs"] as const, run: (runId: string) => ["bill-runs", runId] as const };

export const runQueries = {
  runs: () =>
    infiniteQueryOptions({
      queryKey: [...runKeys.all, "list"],
      queryFn: ({ signal, pageParam }) => body(client.GET("/api/v1/bill-runs", { params: { query: { limit: 20, ...(pageParam === null ? {} : { cursor: pageParam }) } }, signal })),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next_cursor,
    }),
  run: (runId: string) =>
    queryOptions({
      queryKey: runKeys.run(runId),
      queryFn: ({ signal }) => body(client.GET("/api/v1/bill-runs/{run_id}", { params: { path: { run_id: runId } }, signal })),
    }),
  items: (runId: string, state: ItemState) =>
    infiniteQueryOptions({
      queryKey: [...runKeys.run(runId), "items", state],
      queryFn: ({ signal, pageParam }) =>
        body(
          client.GET("/api/v1/bill-runs/{run_id}/items", {
            params: { path: { run_id: runId }, query: { state, limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) } },
            signal,
          }),
        ),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next_cursor,
    }),
};

export const previewRun = (until: string, key: string) =>
  body(client.POST("/api/v1/bill-runs", { params: { header: { "Idempotency-Key": key } }, body: until === "" ? {} : { until } }));

export const releaseBill = (runId: string, billId: string, reason: string) =>
  body(client.POST("/api/v1/bill-runs/{run_id}/release", { params: { path: { run_id: runId } }, body: { bill_id: billId, reason } }));

/** The server works for some seconds and answers how far it is: it is asked until nothing is left, and tells each step. */
export async function issueRun(runId: string, tell: (run: BillRun) => void): Promise<BillRun> {
  for (;;) {
    const run = await body(client.POST("/api/v1/bill-runs/{run_id}/issue", { params: { path: { run_id: runId } } }));
    tell(run);
    if (run.state !== "issuing") return run;
  }
}
