#!/usr/bin/env node
// A browser has one live stream however many tabs it shows, none while all are hidden, and finds its way back after the
// network was gone; what is old is dated meanwhile.
import assert from "node:assert/strict";
import { assertClean, logIn, openBrowser, openPage, text } from "./lib/browser.mjs";
import { pause, run, step, until } from "./lib/check.mjs";
import { env, household } from "./lib/stack.mjs";

const streams = new Set();
let home, context, first, second, asked = 0;

/** Streams that are open now; Chromium tells no end of those that died with their tab. */
const openCount = () => [...streams].filter((request) => !request.frame().page().isClosed()).length;

/** The page believes to be hidden (or visible) from now on, as when another tab is in front. */
const show = (page, visible) =>
  page.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
    Object.defineProperty(document, "hidden", { configurable: true, get: () => state === "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
  }, visible ? "visible" : "hidden");

const powerOf = async (page) => (await text(page.getByTestId("power-now"))).replace(/\s+/g, " ");

step("two tabs of a household are open", async () => {
  home = await household();
  context = await openBrowser({ language: "pt-BR" });
  const isStream = (request) => new URL(request.url()).pathname.endsWith("/live");
  context.on("request", (request) => {
    if (!isStream(request)) return;
    streams.add(request);
    asked += 1;
  });
  for (const end of ["requestfinished", "requestfailed"]) context.on(end, (request) => streams.delete(request));
  first = await openPage(context);
  await logIn(first, home);
  await first.getByText("Ao vivo").waitFor();
  second = await openPage(context);
  await second.goto(env.URL);
  await second.getByText("Ao vivo").waitFor();
});

step("there is exactly one stream, and both tabs hear it", async () => {
  await pause(1500);
  assert.equal(openCount(), 1);
  assert.equal(asked, 1);
  home.feed(1, { power_w: 654 });
  for (const page of [first, second]) await until("both show 654 W", async () => (await powerOf(page)) === "654 W", 4000);
});

step("when the tab that holds it is hidden, the other one takes it over and misses nothing", async () => {
  await show(first, false);
  await until("still one", () => openCount() === 1 && asked === 2);
  home.feed(1, { power_w: 777 });
  await until("the visible tab shows 777 W", async () => (await powerOf(second)) === "777 W", 4000);
});

step("with both tabs hidden there is none, for as long as they are", async () => {
  await show(second, false);
  await until("none", () => openCount() === 0, 3000);
  await pause(4000);
  assert.equal(openCount(), 0);
  assert.equal(asked, 2);
});

step("a tab that comes back opens it again and catches up with what it missed", async () => {
  home.feed(1, { power_w: 543 });
  await show(first, true);
  await until("one again", () => openCount() === 1 && asked === 3);
  await until("543 W, published while it was hidden", async () => (await powerOf(first)) === "543 W", 4000);
});

step("closing the tab that holds it gives it to the next", async () => {
  await show(second, true);
  await first.close();
  await until("one", () => openCount() === 1 && asked === 4);
});

step("without a network the page says since when it knows nothing, and tries again without haste", async () => {
  const before = asked;
  await context.setOffline(true);
  await second.getByText("Você está sem conexão.").waitFor();
  await second.getByText(/Reconectando…/).waitFor({ timeout: 60_000 });
  await second.getByText(/dados de /).first().waitFor();
  await pause(6000);
  assert.ok(asked - before <= 6, `${asked - before} tries in six seconds`);
});

step("and is live again when the network is back", async () => {
  await context.setOffline(false);
  await second.getByText("Ao vivo").waitFor({ timeout: 5000 });
  home.feed(1, { power_w: 432 });
  await until("432 W", async () => (await powerOf(second)) === "432 W", 4000);
  assert.equal(openCount(), 1);
  assertClean(second, /status of (401|429)|ERR_INTERNET_DISCONNECTED|ERR_NETWORK/);
});

await run(() => second?.screenshot({ path: `${process.env.TMPDIR ?? "/tmp"}/quilowatt-live-failed.png`, fullPage: true }));
