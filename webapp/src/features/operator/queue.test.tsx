import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { setCsrfToken } from "@/api/client";
import { answer, problem, renderApp } from "@/shared/testing/render";
import { questionOf } from "./correct";
import { Decide } from "./decide";
import { ExceptionsPage } from "./exceptions-page";
import { filterOf } from "./exceptions-filter";
import { holesOf } from "./holes";
import { spanOf } from "./incomplete-days";

const made = {
  estimate_id: "estimate-1", meter_id: "casa-1", channel: "1.8.0", action: "accept", from: null, to: null, ts: "2026-11-22T12:00:00Z", value_wh: 5000, energy_wh: null,
  before_wh: 100, after_wh: 300, state: "approved", needs_second: false, reason: "seen", by: "ana", at: "2026-11-22T13:00:00Z", reviewed_by: null, reviewed_at: null, note: null,
};
let sent: { path: string; search: URLSearchParams; method: string; key: string | null; body: unknown }[];
let reply: (path: string, method: string) => Response;
beforeEach(() => {
  sent = [];
  setCsrfToken("token-1");
  reply = () => answer({ items: [], next_cursor: null });
  vi.stubGlobal("fetch", async (request: Request) => {
    const url = new URL(request.url);
    sent.push({ path: url.pathname, search: url.searchParams, method: request.method, key: request.headers.get("Idempotency-Key"), body: request.method === "POST" ? await request.json() : null });
    return reply(url.pathname, request.method);
  });
});
const posts = () => sent.filter((one) => one.method === "POST" && one.path.endsWith("/estimates"));

describe("deciding on a reading", () => {
  const decide = <Decide meterId="casa-1" channel="1.8.0" ts="2026-11-22T12:00:00Z" valueWh={5000} counts={false} />;
  const open = async () => {
    reply = (path) => (path.endsWith("/preview") ? answer({ before_wh: 100, after_wh: 300, needs_second: true }) : answer(made, 201));
    renderApp(decide);
    await userEvent.click(screen.getByRole("button", { name: "Count it" }));
  };

  it("tells the difference before it is made, and that a second person must approve", async () => {
    await open();
    expect(await screen.findByText(/0\.100\skWh become 0\.300\skWh: 0\.200\skWh more\./)).toBeVisible();
    expect(screen.getByText("A second person must approve.")).toBeVisible();
    expect(posts()).toHaveLength(0);
  });

  it("keeps its key while nothing changes, and takes another for another reason", async () => {
    await open();
    reply = (path) => (path.endsWith("/preview") ? answer({ before_wh: 100, after_wh: 300, needs_second: false }) : problem(503, "busy"));
    const words = screen.getByRole("textbox", { name: "Why" });
    await userEvent.type(words, "seen");
    await userEvent.click(screen.getByRole("button", { name: "Count it" }));
    expect(await screen.findByRole("alert")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Count it" }));
    await waitFor(() => expect(posts()).toHaveLength(2));
    await userEvent.type(words, " on site");
    reply = (path) => (path.endsWith("/preview") ? answer({ before_wh: 100, after_wh: 300, needs_second: false }) : answer(made, 201));
    await userEvent.click(screen.getByRole("button", { name: "Count it" }));
    expect(await screen.findByText(/Decided/)).toHaveFocus();
    const [first, second, third] = posts();
    expect(first?.key).toMatch(/^[0-9a-f]{32}$/);
    expect(second?.key).toBe(first?.key);
    expect(third?.key).not.toBe(first?.key);
    expect(third?.body).toMatchObject({ reason: "seen on site" });
  });

  it("takes the focus into the form, and back to its button", async () => {
    await open();
    expect(screen.getByRole("textbox", { name: "Why" })).toHaveFocus();
    await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
    expect(screen.getByRole("button", { name: "Count it" })).toHaveFocus();
  });
});

describe("the queue", () => {
  const asked = () => sent.filter((one) => one.path.endsWith("/verdicts"));

  it("asks for a meter once typing rests, and says why nothing is listed", async () => {
    reply = (path) => (path.endsWith("/verdicts") && asked().at(-1)?.search.get("meter_id") ? problem(404, "not_found") : answer({ items: [], next_cursor: null }));
    renderApp(<ExceptionsPage />);
    await userEvent.type(screen.getByRole("searchbox", { name: "Meter" }), "casa-4");
    expect(await screen.findByText(/Nothing is listed for a meter called casa-4\./)).toBeVisible();
    expect(asked().map((one) => one.search.get("meter_id"))).toEqual([null, "casa-4"]);
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("does not ask for a name that can be nobody's", async () => {
    renderApp(<ExceptionsPage />, { path: "/exceptions?meter=a%20b" });
    expect(await screen.findByText(/can be nobody's name/)).toBeVisible();
    expect(asked()).toHaveLength(0);
  });

  it("asks by district, verdict and time, the last day included", async () => {
    renderApp(<ExceptionsPage />, { path: "/exceptions?place=neighbours&district=centro&verdict=transient&from=2026-11-01&to=2026-11-03" });
    await waitFor(() => expect(asked()).toHaveLength(1));
    expect(Object.fromEntries(asked()[0]?.search ?? [])).toEqual({ place: "neighbours", district: "centro", verdict: "transient", from: "2026-11-01", to: "2026-11-04", limit: "50" });
  });

  it("goes on by itself where a filtered page is empty but not the last", async () => {
    reply = (path) => answer({ items: [], next_cursor: path.endsWith("/verdicts") && asked().length < 3 ? "on" : null });
    renderApp(<ExceptionsPage />);
    expect(await screen.findByText("Nothing stands out")).toBeVisible();
    expect(asked()).toHaveLength(3);
  });

  it("shows times in the meter's zone, and payloads as text", async () => {
    const at = "2026-11-22T01:30:00Z";
    reply = (path) =>
      answer({
        items: path.endsWith("/verdicts")
          ? [
              { place: "neighbours", at, verdict: "transient", meaning: "", meter_id: "casa-1", tz: "America/Sao_Paulo", ts: at, channel: "1.8.0", kind: "register", interval_s: null, value_wh: 0, counts: false },
              { place: "door", at, verdict: "bad_json", meaning: "", meter_id: "nobody", tz: null, detail: "no", ts: null, seq: null, payload: "<b>x</b>" },
            ]
          : [],
        next_cursor: null,
      });
    renderApp(<ExceptionsPage />);
    expect(await screen.findByText(/Nov 21.*22:30|21 Nov.*22:30/)).toBeVisible();
    expect(screen.getByText(/01:30 UTC/)).toBeVisible();
    expect(screen.getByText("<b>x</b>")).toBeInTheDocument();
    expect(screen.queryByRole("link", { name: "nobody" })).toBeNull();
  });

  it("pages what waits for a second person", async () => {
    reply = (path) => answer({ items: [], next_cursor: path.endsWith("/estimates") ? "7" : null });
    renderApp(<ExceptionsPage />);
    const card = screen.getByRole("region", { name: "Waiting for a second person" });
    expect(await within(card).findByText(/Nothing waits/)).toBeVisible();
    expect(sent.find((one) => one.path.endsWith("/estimates"))?.search.get("limit")).toBe("20");
  });

  it("changes its filters by the fields", async () => {
    renderApp(<ExceptionsPage />);
    await userEvent.click(screen.getByRole("radio", { name: "Found over time" }));
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "Verdict" }), "Spike");
    fireEvent.change(screen.getByLabelText("From"), { target: { value: "2026-11-02" } });
    await waitFor(() => expect(Object.fromEntries(asked().at(-1)?.search ?? [])).toEqual({ place: "over_time", verdict: "spike", from: "2026-11-02", limit: "50" }));
  });
});

describe("the filter in the address", () => {
  it("knows what it knows, and lets the rest be", () => {
    expect(filterOf(new URLSearchParams("place=moon&verdict=nothing&from=yesterday"))).toEqual({ place: "all", meter: "", district: "", verdict: "", from: "", to: "" });
    expect(filterOf(new URLSearchParams("place=door&verdict=transient")).verdict).toBe("");
  });
});

describe("the span of incomplete days", () => {
  it.each([
    ["", "", "2026-11-09", "2026-11-23"],
    ["2026-11-20", "", "2026-11-20", "2026-11-23"],
    ["2026-01-01", "2026-11-10", "2026-09-10", "2026-11-11"],
    ["2026-11-10", "2026-11-01", "2026-11-01", "2026-11-02"],
  ])("from %j to %j is [%s, %s)", (from, to, first, until) => {
    expect(spanOf({ from, to }, "2026-11-22")).toEqual({ from: first, to: until });
  });
});

describe("holes", () => {
  const t = [0, 1, 2, 3, 4, 5].map((i) => new Date(Date.UTC(2026, 10, 22) + i * 900_000).toISOString());
  const series = {
    meter_id: "casa-1", tz: "UTC", bucket: "quarter_hour" as const, from: t[0] ?? "", to: new Date(Date.UTC(2026, 10, 22, 1, 30)).toISOString(), complete: false, t,
    import_wh: [10, null, null, 10, 0, null], export_wh: [], quality: ["measured", "missing", "missing", "estimated", "measured", "missing"] as const,
  };
  it("are runs of one kind, and zero is none, nor is what is yet to come", () => {
    expect(holesOf({ ...series, quality: [...series.quality] }, Date.parse("2026-11-22T01:15:00Z"))).toEqual([
      { kind: "missing", fromUtcMs: Date.parse(t[1] ?? ""), toUtcMs: Date.parse(t[3] ?? ""), quarters: 2 },
      { kind: "estimated", fromUtcMs: Date.parse(t[3] ?? ""), toUtcMs: Date.parse(t[4] ?? ""), quarters: 1 },
    ]);
  });
});

describe("a correction", () => {
  const draft = { action: "estimate" as const, from: "2026-11-22T00:00", to: "2026-11-22T06:00", kwh: "" };
  it("is asked in the meter's zone", () => {
    expect(questionOf(draft, "casa-1", "America/Sao_Paulo")).toEqual({ meter_id: "casa-1", action: "estimate", from: "2026-11-22T03:00:00.000Z", to: "2026-11-22T09:00:00.000Z" });
    expect(questionOf({ ...draft, action: "edit", kwh: "1,5" }, "casa-1", "UTC")).toMatchObject({ energy_wh: 1500 });
  });
  it.each<[Partial<Parameters<typeof questionOf>[0]>]>([
    [{ action: "edit" }], // without its energy
    [{ kwh: "many" }],
    [{ to: draft.from }],
    [{ to: "" }],
  ])("is not asked with %j", (part) => {
    expect(questionOf({ ...draft, ...part }, "casa-1", "UTC")).toBeNull();
  });
});
