#!/usr/bin/env node
// An operator logs in and finds the network: its figures as the API has them, a map and a list under one filter, one
// meter with what it sent and what became of it, and alerts that can be acknowledged with a note.
import assert from "node:assert/strict";
import { assertClean, logIn, openBrowser, openPage, operator, settled, sidewaysPx, text, violations } from "./lib/browser.mjs";
import { run, step, until } from "./lib/check.mjs";
import { api, env, household, publish, qw } from "./lib/stack.mjs";

let home, page;

step("a household with a history and a tight rule exists", async () => {
  home = await household();
  qw(["rules", "set", home.meterId, "excess_consumption", '{"day_wh":100}']);
});

step("the network's figures are those of the API", async () => {
  page = await openPage(await openBrowser({ language: "en-US" }));
  await logIn(page, operator);
  await page.getByRole("heading", { name: "Network", level: 1 }).waitFor();
  await settled(page);
  await until("the same figures", async () => {
    const summary = await api("/fleet/summary");
    const tiles = await page.locator(".tile-value").allInnerTexts();
    assert.equal(tiles[0].trim(), summary.meters.total.toLocaleString("en"));
    assert.equal(tiles[4].trim(), summary.alerts.open.toLocaleString("en"));
    return true;
  });
});

step("one filter is for the map and the list, and stands in the address", async () => {
  await page.getByRole("searchbox").fill(home.meterId);
  await until("one row is left", async () => (await page.locator(".fleet-row").count()) === 1);
  await page.getByRole("img", { name: /Map with 1 meter;/ }).waitFor();
  assert.match(page.url(), new RegExp(`q=${home.meterId}`));
  await page.getByRole("combobox", { name: "Condition" }).selectOption("never");
  await page.getByText("No meter fits").waitFor();
  await page.getByRole("combobox", { name: "Condition" }).selectOption("");
  await page.locator(".fleet-link").waitFor();
});

step("the list's power moves when a reading is published", async () => {
  home.feed(1, { power_w: 4321 });
  await until("the row shows 4.32 kW", async () => (await text(page.locator(".fleet-row td.numeric").first())) === "4.32 kW", 4000);
});

step("one meter shows its readings with their verdicts", async () => {
  await page.locator(".fleet-link").click();
  await page.getByRole("heading", { name: `Casa ${home.meterId}`, level: 1 }).waitFor();
  await settled(page);
  const ts = Date.now() - 5000;
  publish(home.meterId, { ts, energy_wh: 990_000_000, power_w: 10, flags: ["test"] });
  await until("the API has it", async () => {
    const { items } = await api(`/meters/${home.meterId}/readings?limit=5`);
    return items.some((item) => item.verdict === "test");
  });
  await page.getByRole("button", { name: "Refresh" }).click();
  const row = page.locator(".readings tr", { hasText: "Test" });
  await row.waitFor();
  assert.match(await text(row), /990,000\.000 kWh/);
  assert.ok((await page.locator(".readings tr", { hasText: "Accepted" }).count()) > 50);
});

step("its load profile has the quarter-hours of the API, and steps to the day before", async () => {
  const chart = page.getByRole("slider", { name: "Load profile" });
  assert.equal(await chart.getAttribute("aria-valuemax"), "96");
  await page.getByRole("button", { name: "Earlier" }).click();
  await until("a whole day of bars", async () => (await page.locator(".chart .bar-measured").count()) === 96);
});

step("its alert is opened from the list of all and acknowledged with a note", async () => {
  home.feed(3000);
  const alert = await until("the alert", async () => {
    const { items } = await api(`/alerts?meter_id=${home.meterId}&state=active`);
    return items.find((item) => item.kind === "excess_consumption");
  }, 20_000);
  await page.goto(`${env.URL}/alerts?state=active`);
  await page.locator(`a[href*="${alert.alert_id}"]`).click();
  const detail = page.locator(".alert-detail");
  await detail.getByText(alert.message.en).waitFor();
  assert.ok(await page.evaluate(() => document.activeElement?.classList.contains("alert-detail")), "the focus went to the alert");
  await detail.getByRole("textbox", { name: "Note (optional)" }).fill("Called the customer.");
  await detail.getByRole("button", { name: "Acknowledge" }).click();
  await detail.getByText("Called the customer.").waitFor();
  const known = await until("the API knows", async () => {
    const { items } = await api(`/alerts?meter_id=${home.meterId}&state=acknowledged`);
    return items.find((item) => item.alert_id === alert.alert_id);
  });
  assert.deepEqual([known.acknowledgement.by, known.acknowledgement.note], [operator.username, "Called the customer."]);
});

step("the filter by state finds it where it is now", async () => {
  await page.getByRole("radio", { name: "Acknowledged" }).click({ force: true });
  await page.locator(`a[href*="${(await api(`/alerts?meter_id=${home.meterId}&state=acknowledged`)).items[0].alert_id}"]`).waitFor();
});

step("a bill run is previewed: what holds a bill is said in words, and nothing is issued", async () => {
  await page.getByRole("link", { name: "Billing" }).click();
  await page.getByRole("button", { name: "Preview a run" }).click();
  await page.waitForURL(/\/runs\/.+/);
  await page.getByRole("radio", { name: /^Held/ }).click({ force: true });
  await settled(page);
  const [run] = (await api("/bill-runs?limit=1")).items;
  assert.equal(run.state, "preview");
  assert.ok(run.counts.held > 0, "the household's first month is not whole");
  await page.locator(".run-item", { hasText: home.meterId }).getByText("Energy is missing").first().waitFor();
  await page.getByRole("radio", { name: `Held (${run.counts.held})` }).waitFor({ state: "attached" });
  assert.equal(await sidewaysPx(page), 0);
  assert.deepEqual(await violations(page), []);
});

step("a meter that does not exist is said not to", async () => {
  await page.goto(`${env.URL}/fleet/no.such.meter/`);
  await page.getByText("There is no such meter").waitFor();
  assertClean(page, /status of (401|404|429)/);
});

await run(() => page?.screenshot({ path: `${process.env.TMPDIR ?? "/tmp"}/quilowatt-operator-failed.png`, fullPage: true }));
