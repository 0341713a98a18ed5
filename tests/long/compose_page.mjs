// compose_page.mjs METER KWH: an operator logs in with Chromium, opens the meter's page and sees its reading. Also with a certificate
// of an authority that Chromium does not know: curl has looked at that by then.
import { assertClean, logIn, openBrowser, openPage, operator, settled } from "../browser/lib/browser.mjs";
import { run, step } from "../browser/lib/check.mjs";
import { env } from "../browser/lib/stack.mjs";

const [meter, kwh] = process.argv.slice(2);
let page;

step(`an operator logs in at ${env.URL}`, async () => {
  page = await openPage(await openBrowser({ language: "en-US", trusting: true }));
  await logIn(page, operator);
  await page.getByRole("heading", { name: "Network", level: 1 }).waitFor();
  await settled(page);
});

step(`${meter} shows ${kwh} kWh`, async () => {
  page.setDefaultTimeout(30_000);
  await page.goto(`${env.URL}/fleet/${meter}`);
  await page.getByRole("heading", { name: meter, level: 1 }).waitFor();
  await settled(page);
  await page.locator(".readings tr", { hasText: `${kwh} kWh` }).first().waitFor();
  // a meter without an account has no bill, and Chromium says so
  assertClean(page, /status of (401|404|429)/);
});

await run();
