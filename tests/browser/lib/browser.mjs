// Debian's Chromium with a fresh profile, and pages that remember what went wrong in them.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { atEnd, pause } from "./check.mjs";
import { env } from "./stack.mjs";

const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const PHONE = { width: 390, height: 844 };
export const SMALL = { width: 320, height: 640 };
export const DESK = { width: 1280, height: 800 };

/** A browser of its own: cookies, storage, locks and all. Ends with the test. `trusting`: takes any certificate. */
export async function openBrowser({ language = "pt-BR", viewport = DESK, scheme = "light", trusting = false } = {}) {
  const profile = mkdtempSync(join(tmpdir(), "quilowatt-browser."));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ARGS,
    locale: language,
    viewport,
    colorScheme: scheme,
    ignoreHTTPSErrors: trusting,
    timezoneId: "Europe/Lisbon", // never the meter's: what is shown must not depend on it
  });
  context.setDefaultTimeout(10_000);
  atEnd(async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  });
  return context;
}

const complaints = new WeakMap();

/** A page that remembers console errors, thrown errors, and whatever the content policy refused. */
export async function openPage(context) {
  const page = await context.newPage();
  const found = [];
  complaints.set(page, found);
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") found.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => found.push(`thrown: ${error.message}`));
  return page;
}

/** Nothing went wrong in the page, but for what `expected` matches (a refused login is a 401 or a 429, and Chromium says so). */
export function assertClean(page, expected = /status of (401|429)/) {
  assert.deepEqual(complaints.get(page).filter((text) => !expected.test(text)), []);
}

/** Fills in the login and waits for the first screen; as long as the server asks for after other tests' failures. */
export async function logIn(page, { username, password }, path = "/") {
  await page.goto(env.URL + path);
  for (let tries = 1; ; tries++) {
    await page.fill("input[name=username]", username);
    await page.fill("input[name=password]", password);
    const [response] = await Promise.all([page.waitForResponse(/\/api\/v1\/session$/), page.click("button[type=submit]")]);
    if (response.status() !== 429 || tries === 8) break;
    await pause(1000 * Number(response.headers()["retry-after"] ?? 1));
  }
  await page.waitForSelector(".shell main h1", { state: "attached" });
}

export const operator = { username: env.OPERATOR_USER, password: env.OPERATOR_PASSWORD };

/** What axe finds, WCAG 2.2 AA and its best practices. Evaluated, not injected: the content policy allows no script of ours. */
export async function violations(page) {
  await page.evaluate(axeSource);
  const result = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
  );
  return result.violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => `${node.target.join(" ")} ${node.failureSummary ?? ""}`).join("; ")}`);
}

/** How far the page scrolls sideways; 0 when it does not. */
export function sidewaysPx(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Waits until nothing is loading and no skeleton is left. */
export async function settled(page) {
  await page.waitForFunction(() => document.querySelector(".skeleton, .splash") === null && document.querySelector("main h1") !== null);
}

export const text = async (locator) => (await locator.innerText()).replace(/\u00a0/g, " ").trim();
