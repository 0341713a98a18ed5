import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { setCsrfToken } from "@/api/client";
import type { Me } from "@/api/types";
import { SessionProvider } from "@/shared/session/session";
import { answer, problem, renderApp } from "@/shared/testing/render";
import { ComparePage } from "./compare-page";

const cycle = (over: object) => ({
  cycle_from: "2026-10-01", cycle_until: "2026-11-01", days: 31, import_wh: 300000, known_permille: 1000, left_out: null, note: null, total_minor: 29128,
  own: { tariff_id: "b1", currency: "BRL", total_minor: 31942 }, difference_minor: -2814, ...over,
});
const simulation = {
  meter_id: "casa-1", tz: "America/Sao_Paulo", from: "2025-11-01", to: "2026-11-28", tariff: { id: "tiered", version_hash: "0" }, currency: "BRL", minor: 2,
  cycles: [cycle({}), cycle({ cycle_from: "2026-09-01", cycle_until: "2026-10-01", left_out: "too little is known", total_minor: null, own: null, difference_minor: null })],
  totals: { cycles: 1, days: 31, import_wh: 300000, total_minor: 29128, own_total_minor: 31942, difference_minor: -2814 },
  completeness: { days_asked: 61, days_covered: 31, known_permille: 993, complete: false },
};
const page = { items: [{ tariff_id: "tiered", version_hash: "0", loaded: "2026-01-01T00:00:00Z", default: false }], next_cursor: null };

let reply: () => Response;
let asked: unknown[];
beforeEach(() => {
  asked = [];
  setCsrfToken("token-1");
  vi.stubGlobal("fetch", async (request: Request) => {
    if (request.method !== "POST") return answer(page);
    asked.push({ path: new URL(request.url).pathname, ...((await request.json()) as object) });
    return reply();
  });
});

const me: Me = {
  username: "ana", role: "customer", customer: { customer_id: "ana", name: "Ana" }, language: "en", expires: null, csrf_token: "token-1", meters_more: false,
  meters: [{ meter_id: "casa-1", tz: "America/Sao_Paulo", label: "Casa", account_id: "casa-1-1" }],
};
const show = () =>
  renderApp(
    <SessionProvider me={me}>
      <ComparePage />
    </SessionProvider>,
  );

it("tells the difference to the home's own tariff, on what it rests, and which cycle is left out", async () => {
  reply = () => answer(simulation);
  show();
  await userEvent.selectOptions(await screen.findByRole("combobox", { name: "Tariff" }), "tiered");
  expect(await screen.findByText(/R\$28\.14 less than the R\$319\.42/)).toBeVisible();
  expect(screen.getByText(/31 days and 300(\.0)?\skWh; 99\.3% of the quarter-hours/)).toBeVisible();
  expect(screen.getByText("left out")).toBeVisible();
  expect(asked).toEqual([{ path: "/api/v1/tariffs/tiered/simulate", meter_id: "casa-1", from: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string }]);
});

it("says in words that too little is known, and asks once", async () => {
  reply = () => problem(422, "too_little");
  show();
  await userEvent.selectOptions(await screen.findByRole("combobox", { name: "Tariff" }), "tiered");
  expect(await screen.findByText("Too little is known")).toBeVisible();
  expect(asked).toHaveLength(1);
});
