#!/usr/bin/env node
// Every screen, for everybody: no violation that axe can find in light and dark, nothing that scrolls sideways on 320
// pixels, nothing in the console, the keyboard's way in, and no motion for those who ask for none.
import assert from "node:assert/strict";
import { assertClean, DESK, logIn, openBrowser, openPage, operator, settled, sidewaysPx, SMALL, violations } from "./lib/browser.mjs";
import { run, step, until } from "./lib/check.mjs";
import { api, env, household, qw } from "./lib/stack.mjs";

let home, current;

step("a household with a history and an alert exists", async () => {
  home = await household();
  qw(["rules", "set", home.meterId, "excess_consumption", '{"day_wh":100}']);
  home.feed(3000);
  await until("the alert", async () => (await api(`/alerts?meter_id=${home.meterId}&state=active`)).items.length > 0, 20_000);
});

async function screens(who) {
  if (who === "operator") {
    const [alert] = (await api(`/alerts?meter_id=${home.meterId}`)).items;
    return ["/fleet", `/fleet/${home.meterId}`, "/alerts", `/alerts/${alert.alert_id}`, "/no/such/page"];
  }
  const bills = (await api(`/bills?meter_id=${home.meterId}`)).items;
  const month = home.historyFrom.slice(0, 7);
  return ["/", "/usage", "/usage?view=week", `/usage?view=month&date=${month}-15`, "/usage?view=year", "/bills", ...bills.slice(0, 2).map((bill) => `/bills/${bill.bill_id}`), "/alerts"];
}

for (const [who, viewport, scheme, language] of [
  ["customer", SMALL, "light", "pt-BR"],
  ["customer", DESK, "dark", "en"],
  ["operator", SMALL, "dark", "pt-BR"],
  ["operator", DESK, "light", "en"],
]) {
  step(`the ${who}'s screens at ${viewport.width} px, ${scheme}, ${language}`, async () => {
    const context = await openBrowser({ language, viewport, scheme });
    const page = (current = await openPage(context));
    await page.goto(env.URL);
    await page.waitForSelector("form");
    assert.deepEqual(await violations(page), [], "login");
    assert.equal(await sidewaysPx(page), 0, "login");
    await logIn(page, who === "operator" ? operator : home);
    for (const path of await screens(who)) {
      await page.goto(env.URL + path);
      await settled(page);
      await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.effect?.getTiming().iterations === Infinity || animation.finished)));
      assert.deepEqual(await violations(page), [], path);
      assert.equal(await sidewaysPx(page), 0, `${path} scrolls sideways`);
      const toggle = page.getByRole("button", { name: /Ver tabela|Show table/ });
      if ((await toggle.count()) > 0) {
        await toggle.click();
        assert.deepEqual(await violations(page), [], `${path} as a table`);
        assert.equal(await sidewaysPx(page), 0, `${path} as a table scrolls sideways`);
      }
    }
    await page.locator(".account > button").click();
    assert.deepEqual(await violations(page), [], "the account's menu");
    assertClean(page);
    await context.close();
  });
}

step("dark is dark, light is light, and a choice wins over the system and is kept", async () => {
  const context = await openBrowser({ language: "en", scheme: "dark" });
  const page = (current = await openPage(context));
  await logIn(page, home);
  const brightness = () => page.evaluate(() => Number(/rgb\((\d+)/.exec(getComputedStyle(document.body).backgroundColor)[1]));
  assert.ok((await brightness()) < 60);
  await page.locator(".account > button").click();
  await page.getByRole("radio", { name: "Light" }).click({ force: true });
  assert.ok((await brightness()) > 200);
  await page.reload();
  await settled(page);
  assert.ok((await brightness()) > 200);
  await context.close();
});

step("the keyboard begins with the way past the menu, and a new screen begins at its title", async () => {
  const context = await openBrowser({ language: "en" });
  const page = (current = await openPage(context));
  await logIn(page, home);
  await page.reload();
  await settled(page);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  await page.getByRole("link", { name: "Bills" }).click();
  await until("the title has the focus", () => page.evaluate(() => document.activeElement.tagName === "H1" && document.activeElement.textContent === "Bills"));
  assert.equal(await page.title(), "Bills · Quilowatt");
  await page.locator(".account > button").focus();
  await page.keyboard.press("Enter");
  assert.ok(await page.getByRole("button", { name: "Log out" }).isVisible());
  await page.keyboard.press("Escape");
  assert.ok(!(await page.getByRole("button", { name: "Log out" }).isVisible()));
  await context.close();
});

step("who asks for no motion gets none", async () => {
  const context = await openBrowser({ language: "en" });
  const page = (current = await openPage(context));
  await page.emulateMedia({ reducedMotion: "reduce" });
  await logIn(page, home);
  await settled(page);
  await until("nothing moves", () => page.evaluate(() => document.getAnimations().filter((animation) => animation.playState === "running").length === 0));
  await context.close();
});

step("a printed bill has its lines and not the app around it", async () => {
  const context = await openBrowser({ language: "pt-BR", scheme: "dark" });
  const page = (current = await openPage(context));
  await logIn(page, home);
  const [bill] = (await api(`/bills?meter_id=${home.meterId}&state=draft`)).items;
  await page.goto(`${env.URL}/bills/${bill.bill_id}`);
  await settled(page);
  await page.emulateMedia({ media: "print" });
  assert.ok(!(await page.locator(".topbar").isVisible()));
  assert.ok(await page.locator(".bill-total").isVisible());
  const ink = await page.evaluate(() => [getComputedStyle(document.querySelector(".bill-total td")).color, getComputedStyle(document.body).backgroundColor]);
  assert.deepEqual(ink, ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]);
  await context.close();
});

await run(() => current?.screenshot({ path: `${process.env.TMPDIR ?? "/tmp"}/quilowatt-access-failed.png`, fullPage: true }));
