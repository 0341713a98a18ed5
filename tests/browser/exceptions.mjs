#!/usr/bin/env node
// An operator works through the exception queue: it is filtered by meter, district, verdict and time; a register that went back to zero for one read is
// counted after its difference was told, which waits for a second person with a note; a hole is estimated, a span is edited. The meter's story tells all
// of it, and how whole its days are.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { assertClean, logIn, openBrowser, openPage, operator, settled, sidewaysPx, violations } from "./lib/browser.mjs";
import { run, step, until } from "./lib/check.mjs";
import { api, localDate, publish, qw, TZ } from "./lib/stack.mjs";

const QUARTER = 900_000;
const DAY = 86_400_000;
const meter = `fila-${Date.now()}`;
const second = { username: `bia-${randomBytes(4).toString("hex")}`, password: randomBytes(12).toString("base64url") };
const today = localDate(Date.now());
const yesterday = localDate(Date.now() - DAY);
const midnight = Date.parse(`${yesterday}T03:00:00Z`); // São Paulo is at UTC-3 all year
let page;

const queue = () => page.getByRole("region", { name: "What needs a look" });
const readings = () =>
  [...Array(96).keys()]
    // From 14 h to 18 h nothing came; one read is a zero.
    .filter((i) => i < 56 || i >= 72)
    .map((i) => ({ ts: midnight + i * QUARTER, energy_wh: i === 20 ? 0 : 200_000_000 + i * 300 }));

step("a meter's register goes back to zero for one read, four hours are lost, and a reading is refused", async () => {
  qw(["apply", "-"], `${JSON.stringify({ do: "meter add", id: meter, tz: TZ, district: "fila", interval_s: 900 })}\n`);
  qw(["user", "add", second.username, "--role", "operator", "--password-file", "-"], `${second.password}\n`);
  await until("the ingestor to know the meter", async () => {
    publish(meter, readings()[0]);
    return (await api(`/meters/${meter}/readings?limit=1`)).items.length > 0;
  });
  publish(meter, { readings: readings() });
  publish(meter, { ts: midnight, energy_wh: "many" });
  await until("the verdicts stand", async () => {
    const { items } = await api(`/verdicts?meter_id=${meter}`);
    return items.some((item) => item.verdict === "transient") && items.some((item) => item.verdict === "bad_type");
  });
});

step("both stand in the queue, in words; a half-typed name is no failure", async () => {
  page = await openPage(await openBrowser({ language: "en-US" }));
  await logIn(page, operator);
  await page.getByRole("link", { name: "Exceptions" }).click();
  await page.getByRole("heading", { name: "Exceptions", level: 1 }).waitFor();
  const asked = [];
  page.on("request", (request) => /\/verdicts\?/.test(request.url()) && asked.push(request.url()));
  await page.getByRole("searchbox", { name: "Meter" }).pressSequentially(meter, { delay: 15 });
  await until("this meter's rows alone", async () => {
    const rows = await queue().locator(".exception").count();
    return rows >= 2 && rows === (await queue().locator(".exception").filter({ hasText: meter }).count());
  });
  assert.ok(asked.length <= 3, `asked ${asked.length} times while ${meter.length} keys were typed`);
  await page.getByText("Set aside: it carries no energy.").waitFor();
  await page.getByText("Refused: energy_wh: a number is expected").waitFor();
  await page.getByText("What was sent").click();
  await page.locator(".payload pre", { hasText: '"many"' }).waitFor();
  await settled(page);
  assertClean(page);
  assert.deepEqual(await violations(page), []);
});

step("times are the meter's, not the browser's", async () => {
  const shown = await page.locator(".exception", { hasText: "Went back briefly" }).locator("time").innerText();
  assert.match(shown, /05:00$/);
});

step("it is filtered by district, verdict and time", async () => {
  await page.getByRole("searchbox", { name: "Meter" }).fill("");
  await page.getByRole("searchbox", { name: "District" }).fill("fila");
  await page.getByRole("combobox", { name: "Verdict" }).selectOption("transient");
  await page.getByLabel("From").fill(yesterday);
  await until("the zero among the district's", async () => {
    const chips = await queue().locator(".exception-head .chip").allInnerTexts();
    return chips.length > 0 && chips.every((chip) => chip === "Went back briefly");
  });
  await page.getByRole("link", { name: meter }).first().waitFor();
  await page.getByLabel("Up to").fill(yesterday);
  await page.getByLabel("From").fill("2020-01-01");
  await page.getByLabel("Up to").fill("2020-01-02");
  await page.getByText("Nothing is listed for a district called fila.").waitFor();
  await page.goto(`${new URL(page.url()).origin}/exceptions?meter=${meter}&place=neighbours`);
  await page.locator(".exception", { hasText: "Went back briefly" }).waitFor();
});

step("counting the zero is told beforehand, and waits for a second person", async () => {
  const row = page.locator(".exception", { hasText: "Went back briefly" });
  await row.getByRole("button", { name: "Count it" }).click();
  await row.getByText(/become/).waitFor();
  assert.deepEqual(await violations(page), []);
  await row.getByRole("button", { name: "Cancel" }).click();
  assert.equal(await row.getByRole("button", { name: "Count it" }).evaluate((button) => button === document.activeElement), true, "the focus is back on the button");
  await row.getByRole("button", { name: "Count it" }).click();
  await row.getByRole("textbox", { name: "Why" }).fill("read on site");
  await row.getByRole("button", { name: "Count it" }).click();
  await row.locator(".form-done").waitFor();
  const [decision] = (await api(`/estimates?meter_id=${meter}`)).items;
  assert.equal(decision.action, "accept");
  assert.equal(decision.reason, "read on site");
});

step("a hole of the day is estimated, and a span edited beyond what one person may", async () => {
  await page.goto(`${new URL(page.url()).origin}/exceptions?meter=${meter}&place=days`);
  const day = page.getByRole("region", { name: "Days that are not whole" }).locator(".exceptions > .exception").last();
  await day.getByRole("button", { name: "Show its holes" }).click();
  const hole = day.locator(".hole-list > li").filter({ hasText: "13:45 to 18:00" }).first();
  await hole.getByRole("button", { name: "Correct energy" }).click();
  await hole.getByText("no day before it is like it").waitFor();
  await hole.getByRole("textbox", { name: "Energy, kWh (optional)" }).fill("3");
  await hole.getByText(/become 3\.000|stays as it is/).waitFor();
  assert.deepEqual(await violations(page), []);
  await hole.getByRole("textbox", { name: "Why" }).fill("as the neighbour's meter says");
  await hole.getByRole("button", { name: "Estimate it" }).click();
  await page.locator(".form-done", { hasText: "Decided" }).waitFor();

  await page.goto(`${new URL(page.url()).origin}/fleet/${meter}/story?from=${yesterday}&to=${today}`);
  await page.getByRole("button", { name: "Correct energy" }).first().click();
  await page.getByRole("radio", { name: "Edit" }).check({ force: true });
  await page.getByLabel("From", { exact: true }).last().fill(`${yesterday}T00:00`);
  await page.getByLabel("To", { exact: true }).fill(`${yesterday}T04:00`);
  await page.getByRole("textbox", { name: "Energy, kWh" }).fill("500");
  await page.getByText("A second person must approve.").waitFor();
  await page.getByRole("textbox", { name: "Why" }).fill("a new oven");
  await page.getByRole("button", { name: "Edit it" }).click();
  await page.locator(".form-done", { hasText: "it waits for a second person" }).waitFor();
  await until("it is proposed", async () => (await api(`/estimates?meter_id=${meter}&state=proposed`)).items.some((one) => one.reason === "a new oven"));
});

step("a second person approves with a note", async () => {
  const other = await openPage(await openBrowser({ language: "en-US" }));
  await logIn(other, second, "/exceptions");
  const row = other.locator(".exception", { hasText: "a new oven" }).filter({ hasText: meter });
  await row.getByRole("button", { name: "Approve" }).click();
  await row.getByRole("textbox", { name: "Note (optional)" }).fill("seen the invoice");
  await row.getByRole("button", { name: "Approve" }).click();
  await other.getByText(`${meter}: Approved.`, { exact: true }).waitFor();
  const edited = (await api(`/estimates?meter_id=${meter}`)).items.find((one) => one.action === "edit");
  assert.deepEqual([edited.state, edited.reviewed_by, edited.note], ["approved", second.username, "seen the invoice"]);
  await row.waitFor({ state: "detached" });
  assertClean(other);
});

step("the meter's story tells all of it", async () => {
  publishEvent({ event: "tamper", ts: new Date(midnight + 10 * 3_600_000).toISOString() });
  await until("the event stands", async () => (await api(`/meters/${meter}/events`)).items.length > 0);
  await page.goto(`${new URL(page.url()).origin}/fleet/${meter}/story?from=${yesterday}&to=${today}`);
  await page.getByText("seen the invoice").waitFor();
  await page.getByText(`Approved by ${second.username}`).waitFor();
  await page.locator(".exception").getByText("Tampered with", { exact: true }).waitFor();
  await settled(page);
  // An estimate without anything to go by was asked about: the answer is a 400, and said in words.
  assertClean(page, /status of (400|401|429)/);
  assert.deepEqual(await violations(page), []);
  await page.getByRole("checkbox", { name: /^Decisions/ }).uncheck();
  await page.getByText("seen the invoice").waitFor({ state: "detached" });
});

step("the strip says how whole each day is, by keyboard and as a table", async () => {
  const cells = page.locator(".strip-day");
  assert.equal(await cells.count(), 2);
  await cells.last().focus();
  await page.keyboard.press("ArrowLeft");
  const said = await page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
  assert.match(said, /of 96 quarter-hours measured/);
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-day")), yesterday);
  await page.getByRole("button", { name: "Show table" }).click();
  await page.getByRole("table", { name: "Completeness" }).waitFor();
  assert.deepEqual(await violations(page), []);
});

step("on a phone nothing is wider than the screen", async () => {
  await page.setViewportSize({ width: 320, height: 700 });
  await settled(page);
  assert.equal(await sidewaysPx(page), 0);
  await page.getByRole("button", { name: "Show chart" }).click();
  assert.equal(await sidewaysPx(page), 0);
  await page.goto(`${new URL(page.url()).origin}/exceptions`);
  await settled(page);
  assert.equal(await sidewaysPx(page), 0);
});

await run(() => page?.screenshot({ path: `${process.env.TMPDIR ?? "/tmp"}/quilowatt-exceptions-failed.png`, fullPage: true }));

function publishEvent(event) {
  publish(meter, event, "events");
}
