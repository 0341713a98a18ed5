#!/usr/bin/env node
// How the app is served: hashed files for a year, the page itself asked for each time, a missing file a 404 and not the
// page, a policy that allows no inline script or style, packed files for who takes them, and little script on the first screen.
import assert from "node:assert/strict";
import { assertClean, logIn, openBrowser, openPage, PHONE, settled } from "./lib/browser.mjs";
import { run, step } from "./lib/check.mjs";
import { env, household } from "./lib/stack.mjs";

const get = (path, headers = {}) => fetch(env.URL + path, { headers });
let html, assets, home;

step("the page is not kept without asking", async () => {
  for (const path of ["/", "/usage", "/fleet/casa-001", "/fleet/casa.001/"]) {
    const response = await get(path);
    assert.equal(response.status, 200, path);
    assert.match(response.headers.get("content-type"), /^text\/html/);
    assert.equal(response.headers.get("cache-control"), "no-cache");
    const policy = response.headers.get("content-security-policy");
    assert.match(policy, /script-src 'self'(;|$)/);
    assert.doesNotMatch(policy, /unsafe/);
    html = await response.text();
  }
  assert.doesNotMatch(html, /<style|<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=/i, "nothing inline");
});

step("its files are named by their content and kept for a year", async () => {
  assets = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1]);
  assert.ok(assets.length >= 3, html);
  for (const path of assets) {
    assert.match(path, /-[\w-]{8}\.\w+$/);
    const response = await get(path);
    assert.equal(response.status, 200, path);
    assert.equal(response.headers.get("cache-control"), "public, max-age=31536000, immutable");
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  }
});

step("a file that is not there is a 404, never the page", async () => {
  for (const path of ["/assets/index-00000000.js", "/assets/gone", "/missing.png", "/favicon.ico"]) {
    const response = await get(path);
    assert.equal(response.status, 404, path);
    assert.doesNotMatch(await response.text(), /<div id="root">/);
  }
});

step("script and style travel packed", async () => {
  for (const path of assets.filter((name) => /\.(js|css)$/.test(name))) {
    assert.match((await get(path, { "Accept-Encoding": "gzip" })).headers.get("content-encoding") ?? "none", /gzip/, path);
  }
});

step("a household's first screen takes no more than 150 KB of script", async () => {
  home = await household();
  const context = await openBrowser({ language: "pt-BR", viewport: PHONE });
  const page = await openPage(context);
  const sizes = [];
  page.on("requestfinished", (request) => {
    if (request.resourceType() === "script") sizes.push(request.sizes());
  });
  await logIn(page, home);
  await settled(page);
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size.responseBodySize, 0);
  assert.ok(bytes > 50_000 && bytes < 150 * 1024, `${bytes} bytes`);
  console.log(`        ${(bytes / 1024).toFixed(1)} KB`);
  assertClean(page);
});

step("on a slow phone it is painted soon, and nothing jumps", async () => {
  const context = await openBrowser({ language: "pt-BR", viewport: PHONE });
  const page = await openPage(context);
  await logIn(page, home);
  const cdp = await context.newCDPSession(page);
  await cdp.send("Network.enable");
  await cdp.send("Network.setCacheDisabled", { cacheDisabled: true });
  // Lighthouse's slow 4G and mid-tier phone, applied rather than simulated.
  await cdp.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: 204_800, uploadThroughput: 84_000 });
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await page.addInitScript(() => {
    globalThis.vitals = { cls: 0, lcpMs: 0, moved: [] };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (entry.hadRecentInput) continue;
        globalThis.vitals.cls += entry.value;
        globalThis.vitals.moved.push(`${entry.value.toFixed(3)} ${entry.sources.map((source) => source.node?.className ?? "?").join(" ")}`);
      }
    }).observe({ type: "layout-shift", buffered: true });
    new PerformanceObserver((list) => (globalThis.vitals.lcpMs = list.getEntries().at(-1).startTime)).observe({ type: "largest-contentful-paint", buffered: true });
  });
  await page.goto(env.URL);
  await settled(page);
  await page.waitForTimeout(1500);
  const { cls, lcpMs, moved } = await page.evaluate(() => globalThis.vitals);
  console.log(`        largest paint after ${Math.round(lcpMs)} ms, layout shift ${cls.toFixed(3)}`);
  assert.ok(cls <= 0.02, `layout shift ${cls}: ${moved.join("; ")}`);
  // Twice the goal: this machine runs the whole system and other tests meanwhile.
  assert.ok(lcpMs > 0 && lcpMs <= 4000, `${lcpMs} ms`);
});

await run();
