/* Every write of the app. Each may be repeated: the acknowledgement carries a key of its own. */
import { body, client, request } from "./client";
import type { AlertRules, NewEstimate } from "./types";

export const logIn = (username: string, password: string) =>
  body(client.POST("/api/v1/session", { body: { username, password } }));

export const logOut = () => body(client.DELETE("/api/v1/session"));

/** `key` is one per intention (see useIntentKey): a repeated click or a retry after a lost answer is the same acknowledgement. */
export const acknowledge = (alertId: string, note: string, key: string) =>
  body(
    client.POST("/api/v1/alerts/{alert_id}/acknowledge", {
      params: { path: { alert_id: alertId }, header: { "Idempotency-Key": key } },
      body: note === "" ? {} : { note },
    }),
  );

/** Refused with 412 when somebody changed the rules since `etag` was read. */
export const saveRules = (meterId: string, rules: AlertRules, etag: string | null) =>
  request(
    client.PUT("/api/v1/meters/{meter_id}/alert-rules", {
      params: { path: { meter_id: meterId }, ...(etag === null ? {} : { header: { "If-Match": etag } }) },
      body: rules,
    }),
  );

/** A decision on readings; `key` as for acknowledge. Above the utility's threshold it waits for a second person. */
export const decide = (decision: NewEstimate, key: string) =>
  body(client.POST("/api/v1/estimates", { params: { header: { "Idempotency-Key": key } }, body: decision }));

export type Review = "approve" | "reject" | "withdraw";

export const review = (estimateId: string, answer: Review, note: string, key: string) => {
  const options = { params: { path: { estimate_id: estimateId }, header: { "Idempotency-Key": key } }, body: note === "" ? {} : { note } };
  if (answer === "approve") return body(client.POST("/api/v1/estimates/{estimate_id}/approve", options));
  if (answer === "reject") return body(client.POST("/api/v1/estimates/{estimate_id}/reject", options));
  return body(client.POST("/api/v1/estimates/{estimate_id}/withdraw", options));
};
