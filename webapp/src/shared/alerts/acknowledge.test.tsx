import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { setCsrfToken } from "@/api/client";
import type { Alert } from "@/api/types";
import { answer, renderApp } from "@/shared/testing/render";
import { Acknowledge } from "./acknowledge";
import { AlertCard } from "./alert-card";

const alert: Alert = {
  alert_id: "0123456789abcdef0123456789abcdef",
  revision: 1,
  subject: { meter_id: "casa-42" },
  kind: "excess_consumption",
  severity: "warning",
  state: "active",
  since: "2026-11-22T12:00:00Z",
  updated: "2026-11-22T12:00:00Z",
  value: 14_820,
  threshold: 12_000,
  unit: "Wh",
  message: { "pt-BR": "Muito hoje.", en: "A lot today." },
};

let sent: { headers: Headers; body: unknown }[];
let fail: boolean;
beforeEach(() => {
  sent = [];
  fail = false;
  setCsrfToken("token-1");
  vi.stubGlobal("fetch", async (request: Request) => {
    sent.push({ headers: request.headers, body: await request.json() });
    if (fail) throw new TypeError("network");
    return answer({ ...alert, state: "acknowledged" });
  });
});

describe("an alert", () => {
  it("speaks the chosen language and states its numbers", () => {
    renderApp(<AlertCard alert={alert} tz="America/Sao_Paulo" nowUtcMs={Date.parse("2026-11-22T14:00:00Z")} withSubject />, { language: "pt-BR" });
    expect(screen.getByText("Muito hoje.")).toBeVisible();
    expect(screen.getByText("casa-42")).toBeVisible();
    expect(screen.getByText("14,8 kWh, limite 12,0 kWh")).toBeVisible();
    expect(screen.getByText(/desde 22 de nov, 09:00 \(há 2 horas\)/)).toBeVisible();
  });

  it("is acknowledged with a note, the session's token, and a key", async () => {
    renderApp(<Acknowledge alert={alert} />);
    await userEvent.click(screen.getByRole("button", { name: "Acknowledge" }));
    await userEvent.type(screen.getByRole("textbox", { name: "Note (optional)" }), "  on my way ");
    await userEvent.click(screen.getByRole("button", { name: "Acknowledge" }));
    expect(await screen.findByText("Acknowledged.")).toBeVisible();
    expect(sent[0]?.body).toEqual({ note: "on my way" });
    expect(sent[0]?.headers.get("X-CSRF-Token")).toBe("token-1");
    expect(sent[0]?.headers.get("Idempotency-Key")).toMatch(/^[0-9a-f]{32}$/);
  });

  it("keeps its key when the answer was lost and it is tried again", async () => {
    fail = true;
    renderApp(<Acknowledge alert={alert} open />);
    await userEvent.click(screen.getByRole("button", { name: "Acknowledge" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("could not be reached");
    fail = false;
    await userEvent.click(screen.getByRole("button", { name: "Acknowledge" }));
    expect(await screen.findByText("Acknowledged.")).toBeVisible();
    expect(sent).toHaveLength(2);
    expect(sent[1]?.headers.get("Idempotency-Key")).toBe(sent[0]?.headers.get("Idempotency-Key"));
  });

  it("takes a note of 160 bytes, whatever the letters", async () => {
    renderApp(<Acknowledge alert={alert} open />);
    const note = screen.getByRole("textbox");
    await userEvent.click(note);
    await userEvent.paste("ã".repeat(100));
    expect(new TextEncoder().encode((note as HTMLTextAreaElement).value)).toHaveLength(160);
  });

  it("cannot be acknowledged twice, nor when it is over", () => {
    renderApp(<Acknowledge alert={{ ...alert, state: "resolved" }} />);
    expect(screen.queryByRole("button")).toBeNull();
  });
});
