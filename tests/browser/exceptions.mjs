#!/usr/bin/env node
// An operator opens the exception queue: a register that went back to zero for one read stands there, with what the system did with its energy, and can
// be counted with a reason; a refused reading says why; a decision above the threshold waits for a second person, and its author can withdraw it.
import assert from "node:assert/strict";
import { assertClean, logIn, openBrowser, openPage, operator, settled, sidewaysPx, violations } from "./lib/browser.mjs";
import { run, step, until } from "./lib/check.mjs";
import { api, publish } from "./lib/stack.mjs";

const meter = `fila-${Date.now()}`;
let page;

step("a meter's register goes back to zero for one read, and a reading is refused", async () => {
  const begin = Math.floor(Date.now() / 900_000) * 900_000 - 6 * 3_600_000;
  const readings = [...Array(24).keys()].map((i) => ({ ts: begin + i * 900_000, energy_wh: i === 12 ? 0 : 2_000_000 + i * 300 }));
  publish(meter, { readings });
  publish(meter, { ts: begin, energy_wh: "many" });
  await until("the verdicts stand", async () => {
    const { items } = await api(`/verdicts?meter_id=${meter}`);
    return items.some((item) => item.verdict === "transient") && items.some((item) => item.verdict === "bad_type");
  });
});

step("both stand in the queue, in words", async () => {
  page = await openPage(await openBrowser({ language: "en-US" }));
  await logIn(page, operator);
  await page.getByRole("link", { name: "Exceptions" }).click();
  await page.getByRole("heading", { name: "Exceptions", level: 1 }).waitFor();
  await page.getByRole("searchbox", { name: "Meter" }).fill(meter);
  await until("two rows", async () => (await page.locator(".exceptions .exception").count()) >= 2);
  await page.getByText("Set aside: it carries no energy.").waitFor();
  await page.getByText("Refused: energy_wh: a number is expected").waitFor();
  await settled(page);
  assertClean(page);
  assert.deepEqual(await violations(page), []);
});

step("counting the odd reading is proposed or done, with what it changes", async () => {
  await page.getByRole("button", { name: "Count it" }).click();
  await page.getByRole("textbox", { name: "Why" }).fill("read on site");
  await page.getByRole("button", { name: "Count it" }).click();
  await page.locator(".form-done").waitFor();
  const { items } = await api(`/estimates?meter_id=${meter}`);
  assert.equal(items.length, 1);
  assert.equal(items[0].action, "accept");
  assert.equal(items[0].reason, "read on site");
  if (items[0].state === "proposed") {
    await page.getByText("read on site").waitFor();
    await page.getByRole("button", { name: "Withdraw" }).first().click();
    await until("it is withdrawn", async () => (await api(`/estimates?meter_id=${meter}`)).items[0].state === "withdrawn");
  }
});

step("on a phone nothing is wider than the screen", async () => {
  await page.setViewportSize({ width: 320, height: 700 });
  await settled(page);
  assert.equal(await sidewaysPx(page), 0);
});

await run(() => page?.screenshot({ path: `${process.env.TMPDIR ?? "/tmp"}/quilowatt-exceptions-failed.png`, fullPage: true }));
