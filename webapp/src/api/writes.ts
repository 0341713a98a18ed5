/* Every write of the app. Each may be repeated: the acknowledgement carries a key of its own. */
import { body, client, request } from "./client";
import type { AlertRules } from "./types";

export const logIn = (username: string, password: string) =>
  body(client.POST("/api/v1/session", { body: { username, password } }));

export const logOut = () => body(client.DELETE("/api/v1/session"));

/** `key` is one per intention: a repeated click or a retry after a lost answer is the same acknowledgement. */
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
