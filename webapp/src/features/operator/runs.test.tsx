import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Route, Routes } from "react-router";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { setCsrfToken } from "@/api/client";
import { answer, problem, renderApp } from "@/shared/testing/render";
import { RunPage } from "./run-page";
import { RunsPage } from "./runs-page";

const run = (over: object = {}, counts: object = {}) => ({
  run_id: "run-7", state: "preview", until: "2026-11-27", cycle_group: null, by: "ana", at: "2026-11-27T12:00:00Z", currency: "BRL", total_minor: 30000, before_minor: 28000,
  counts: { ready: 2, held: 1, issued: 0, stale: 0, corrections: 1, ...counts }, ...over,
});
const item = (over: object = {}) => ({
  bill_id: "bill-1", account_id: "conta-1", state: "ready", cycle_from: "2026-10-01", cycle_until: "2026-11-01", gates: [], currency: "BRL", minor: 2, total_minor: 10000,
  before_minor: null, negates: null, number: null, released_by: null, ...over,
});

let sent: { path: string; method: string; search: URLSearchParams; body: unknown }[];
let reply: (path: string, method: string, search: URLSearchParams) => Response;
beforeEach(() => {
  sent = [];
  setCsrfToken("token-1");
  vi.stubGlobal("fetch", async (request: Request) => {
    const url = new URL(request.url);
    const text = request.method === "POST" ? await request.text() : "";
    sent.push({ path: url.pathname, method: request.method, search: url.searchParams, body: text === "" ? null : JSON.parse(text) });
    return reply(url.pathname, request.method, url.searchParams);
  });
});
const posts = () => sent.filter((one) => one.method === "POST");
const show = (path: string) =>
  renderApp(
    <Routes>
      <Route path="/runs" element={<RunsPage />} />
      <Route path="/runs/:runId" element={<RunPage />} />
    </Routes>,
    { path },
  );

describe("the list of runs", () => {
  it("says that there is none, and previews one", async () => {
    reply = (path, method) => (method === "POST" ? answer(run(), 201) : path.endsWith("/bill-runs") || path.endsWith("/items") ? answer({ items: [], next_cursor: null }) : answer(run()));
    show("/runs");
    expect(await screen.findByText("No run yet")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Preview a run" }));
    expect(await screen.findByRole("heading", { name: /Cycles until/, level: 1 })).toBeVisible();
    expect(posts()).toHaveLength(1);
    expect(posts()[0]?.body).toEqual({});
  });

  it("tells why a preview is refused", async () => {
    reply = (_, method) => (method === "POST" ? problem(503, "busy") : answer({ items: [run({}, { held: 3 })], next_cursor: null }));
    show("/runs");
    expect(await screen.findByText(/5 bills/)).toBeVisible();
    expect(screen.getByText(/3 held/)).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Preview a run" }));
    expect(await screen.findByRole("alert")).toBeVisible();
  });
});

describe("one run", () => {
  it("shows what holds a bill, and releases it with a reason", async () => {
    reply = (path, method, search) => {
      if (method === "POST") return answer(run({}, { ready: 3, held: 0 }));
      if (!path.endsWith("/items")) return answer(run());
      return answer({ items: search.get("state") === "held" ? [item({ state: "held", gates: ["jump", "incomplete"], before_minor: 4000 })] : [item()], next_cursor: null });
    };
    show("/runs/run-7");
    await userEvent.click(await screen.findByRole("radio", { name: "Held (1)" }));
    expect(await screen.findByText("Far from the bills before")).toBeVisible();
    expect(screen.getByText("Energy is missing")).toBeVisible();
    expect(screen.getByText(/the bill before: .*40\.00/)).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Release" }));
    await userEvent.type(screen.getByRole("textbox", { name: /Why it may/ }), "read on site");
    await userEvent.click(screen.getByRole("button", { name: "Release" }));
    expect(await screen.findByText(/it is issued with those/)).toBeVisible();
    expect(posts()[0]?.body).toEqual({ bill_id: "bill-1", reason: "read on site" });
    expect(await screen.findByRole("radio", { name: "Held (0)" })).toBeInTheDocument();
  });

  it("cannot release what nobody is to pay", async () => {
    reply = (path) => (path.endsWith("/items") ? answer({ items: [item({ state: "held", gates: ["no_account"], account_id: null })], next_cursor: null }) : answer(run({}, { ready: 0 })));
    show("/runs/run-7");
    expect(await screen.findByText("Nobody to bill")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Release" })).toBeNull();
    expect(screen.queryByRole("button", { name: /Issue/ })).toBeNull();
  });

  it("issues in steps until nothing is left, and says so", async () => {
    const steps = [run({ state: "issuing" }, { ready: 1, issued: 1 }), run({ state: "issued" }, { ready: 0, issued: 2 })];
    let last: unknown = run();
    reply = (path, method) => {
      if (path.endsWith("/items")) return answer({ items: [item()], next_cursor: null });
      if (method === "POST") last = steps.shift();
      return answer(last);
    };
    show("/runs/run-7");
    await userEvent.click(await screen.findByRole("button", { name: "Issue 2 bills" }));
    expect(await screen.findByText("2 bills of this run are issued.")).toHaveFocus();
    expect(posts().map((one) => one.path.split("/").at(-1))).toEqual(["issue", "issue"]);
    expect(screen.queryByRole("button", { name: /^Issue/ })).toBeNull();
  });

  it("says that trying again is safe when issuing stops", async () => {
    reply = (path, method) => (method === "POST" ? problem(503, "busy") : path.endsWith("/items") ? answer({ items: [], next_cursor: null }) : answer(run()));
    show("/runs/run-7");
    await userEvent.click(await screen.findByRole("button", { name: "Issue 2 bills" }));
    await waitFor(() => expect(screen.getByRole("alert")).toHaveTextContent("Nothing is issued twice"));
    expect(screen.getByRole("button", { name: "Issue 2 bills" })).toBeVisible();
  });
});
