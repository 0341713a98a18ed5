#!/usr/bin/env node
// A household logs in and finds, in its language: power that moves when a reading is published, the bill so far and its
// forecast as the API has them, the use of each day as bars and as a table with the same numbers, days without data that
// look like that, its bills line by line and on paper, and alerts after rules of its own.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { assertClean, logIn, openBrowser, openPage, PHONE, settled, text, violations } from "./lib/browser.mjs";
import { run, step, until } from "./lib/check.mjs";
import { api, env, household, money, TZ } from "./lib/stack.mjs";

let home, page;

step("a household with a history exists", async () => {
  home = await household();
});

step("a wrong password is refused in plain words, and the right one is let in", async () => {
  const context = await openBrowser({ language: "pt-BR", viewport: PHONE });
  page = await openPage(context);
  await page.goto(env.URL);
  await page.fill("input[name=username]", home.username);
  await page.fill("input[name=password]", "not the password");
  await page.click("button[type=submit]");
  await page.getByText(/Usuário ou senha incorretos\.|Tentativas demais\./).waitFor();
  await logIn(page, home);
  assert.equal(await page.evaluate(() => document.documentElement.lang), "pt-BR");
});

step("power now moves within three seconds of a reading that anybody publishes", async () => {
  await page.getByText("Ao vivo").waitFor();
  for (const watts of [1357, 842]) {
    home.feed(1, { power_w: watts });
    const shown = watts >= 1000 ? "1,36 kW" : "842 W";
    await until(`the page shows ${shown}`, async () => (await text(page.getByTestId("power-now"))).replace(/\s+/g, " ") === shown, 3000);
  }
});

async function assertBillShown(language) {
  await until("bill and forecast as the API has them", async () => {
    const bill = await api(`/meters/${home.meterId}/bill`);
    assert.equal(await text(page.getByTestId("bill-so-far")), money(bill.total_minor, bill, language));
    assert.equal(await text(page.getByTestId("bill-forecast")), money(bill.forecast.total_minor, bill, language));
    const range = await text(page.getByTestId("bill-forecast-range"));
    assert.ok(range.includes(money(bill.forecast.low_minor, bill, language)), range);
    assert.ok(range.includes(money(bill.forecast.high_minor, bill, language)), range);
    return true;
  });
}

step("bill so far, forecast and range are the API's own numbers", () => assertBillShown("pt-BR"));

/** Rows of the chart's table: [title, value, quality]. */
async function tableRows() {
  await page.getByRole("button", { name: /Ver tabela|Show table/ }).click();
  const rows = await page.locator(".chart-card tbody tr").evaluateAll((trs) => trs.map((tr) => [...tr.children].map((cell) => cell.textContent.replace(/\u00a0/g, " "))));
  await page.getByRole("button", { name: /Ver gráfico|Show chart/ }).click();
  return rows;
}

function kwh(wh, shown, language) {
  const digits = (/[.,](\d+) kWh$/.exec(shown)?.[1] ?? "").length;
  return `${new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(wh / 1000)} kWh`;
}

const title = (instant, language) => new Intl.DateTimeFormat(language, { timeZone: TZ, weekday: "long", day: "numeric", month: "long" }).format(new Date(instant));

step("the days of the cycle stand in the table with the numbers of the API", async () => {
  await until("the same numbers", async () => {
    const bill = await api(`/meters/${home.meterId}/bill`);
    const series = await api(`/meters/${home.meterId}/usage?bucket=day&from=${bill.cycle_from}&to=${bill.cycle_until}`);
    const days = series.t.map((t, i) => [t, series.import_wh[i]]).filter(([t]) => Date.parse(t) <= Date.now());
    const rows = await tableRows();
    assert.equal(rows.length, days.length);
    days.forEach(([t, wh], i) => {
      assert.equal(rows[i][0], title(t, "pt-BR"));
      assert.equal(rows[i][1], wh === null ? "–" : kwh(wh, rows[i][1], "pt-BR"));
    });
    assert.equal(rows.at(-1)[2], "Até agora");
    return true;
  });
});

step("the chart is walked by arrow keys, and says each day", async () => {
  const chart = page.getByRole("slider", { name: "Consumo por dia deste ciclo" });
  await chart.focus();
  await page.keyboard.press("Home");
  const bill = await api(`/meters/${home.meterId}/bill`);
  const first = await chart.getAttribute("aria-valuetext");
  assert.ok(first.startsWith(title(`${bill.cycle_from}T12:00:00Z`, "pt-BR")), first);
  assert.ok(await page.locator(".chart-tooltip").isVisible());
});

step("days before the first reading are drawn as missing, not as zero", async () => {
  const month = home.historyFrom.slice(0, 7);
  await page.getByRole("link", { name: "Consumo" }).click();
  await page.goto(`${env.URL}/usage?view=month&date=${month}-15`);
  await settled(page);
  const series = await api(`/meters/${home.meterId}/usage?bucket=day&from=${month}-01&to=${month}-28`);
  const missing = series.quality.filter((quality) => quality === "missing").length;
  assert.equal(missing, 9, "the fixture begins on the 10th");
  assert.ok(series.import_wh.slice(0, 9).every((wh) => wh === null));
  assert.equal(await page.locator(".chart .bar-missing").count(), 9);
  assert.match(await page.locator(".chart .bar-missing").first().getAttribute("fill"), /^url\(#/);
  const rows = await tableRows();
  assert.deepEqual(rows.slice(0, 9).map((row) => row.slice(1)), Array(9).fill(["–", "Sem dados"]));
  assert.equal(rows[9][2], "Medido");
});

step("use can be stepped through from quarter-hours to months", async () => {
  for (const [view, bars] of [["Dia", 96], ["Semana", 168], ["Ano", 12]]) {
    await page.getByRole("radio", { name: view }).click({ force: true });
    await until(`${view} has ${bars} bars`, async () => Number(await page.getByRole("slider").getAttribute("aria-valuemax")) === bars);
  }
  await page.getByRole("radio", { name: "Dia" }).click({ force: true });
  await page.getByRole("button", { name: "Anterior" }).click();
  await until("the address keeps the day", async () => /date=\d{4}-\d\d-\d\d/.test(page.url()));
});

step("the quarter-hours of what is shown are downloaded as a table and as Green Button", async () => {
  const day = new URL(page.url()).searchParams.get("date");
  const series = await api(`/meters/${home.meterId}/usage?bucket=quarter_hour&from=${day}&to=${new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)}`);
  for (const [name, number] of [["CSV", series.t.length + 1], ["Green Button", series.import_wh.filter((wh) => wh !== null).length]]) {
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name, exact: true }).click()]);
    assert.ok(file.suggestedFilename().startsWith(home.meterId), file.suggestedFilename());
    const words = readFileSync(await file.path(), "utf8");
    assert.equal(name === "CSV" ? words.trim().split("\r\n").length : words.split("<IntervalReading>").length - 1, number, name);
  }
});

step("a past bill shows the lines of the API, to the cent", async () => {
  await page.getByRole("link", { name: "Contas" }).click();
  await page.getByRole("heading", { name: "Contas", exact: true }).waitFor();
  await settled(page);
  const bills = await api(`/bills?meter_id=${home.meterId}`);
  const draft = bills.items.find((bill) => bill.state !== "open");
  assert.ok(draft, "the cycle before this one is a draft");
  assert.equal(await page.locator(".bill-row").count(), bills.items.length);
  await page.locator(`a[href*="${draft.bill_id}"]`).click();
  await page.locator(".bill-total").waitFor();
  const amounts = await page.locator(".bill-table tbody").first().locator("tr:not([hidden]) > td:last-child").allInnerTexts();
  assert.deepEqual(amounts.map((amount) => amount.replace(/\u00a0/g, " ")), draft.lines.map((line) => money(line.amount_minor, draft, "pt-BR")));
  assert.equal(await text(page.locator(".bill-total td").last()), money(draft.total_minor, draft, "pt-BR"));
});

step("the bill's paper is downloaded with one click, in the language of the page, and is that bill", async () => {
  const [paper] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Baixar PDF" }).click()]);
  assert.match(paper.suggestedFilename(), /^conta-.+-\d{4}-\d\d-\d\d\.pdf$/);
  const file = `${await paper.path()}`;
  const words = execFileSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8" }).replace(/\u00a0/g, " ");
  const bill = await api(page.url().replace(/^.*(\/bills\/[^/?]+).*$/, "$1"));
  for (const wanted of ["O que compõe esta conta", bill.account_id, money(bill.total_minor, bill, "pt-BR")]) assert.ok(words.includes(wanted), `${wanted} in ${words}`);
});

step("a line of it opens down to its days, its formula and its clause", async () => {
  const billId = decodeURIComponent(new URL(page.url()).pathname.split("/")[2]);
  const line = (await api(`/bills/${encodeURIComponent(billId)}/explain`)).lines.find((one) => one.intervals);
  await page.locator(".line-opener").nth(line.line).click();
  const opened = page.locator(".line-explained");
  await opened.getByText(line.rule, { exact: true }).waitFor();
  await opened.getByText(line.exact_minor.replace(/\/1$/, ""), { exact: true }).waitFor();
  const bars = await opened.getByRole("slider").getAttribute("aria-valuemax");
  assert.equal(Number(bars), line.intervals.t.length);
  assert.deepEqual(await violations(page), []);
});

step("what another tariff would have cost is asked for; too little history is said to be that", async () => {
  await page.getByRole("link", { name: "Contas" }).first().click();
  await page.getByRole("link", { name: "Outras tarifas" }).click();
  await page.getByRole("combobox", { name: "Tarifa" }).selectOption("demo.tiered");
  await page.getByText("Sabe-se muito pouco").waitFor();
  assertClean(page, /status of (401|422)/);
  assert.deepEqual(await violations(page), []);
});

step("rules are saved in kWh, and passing them raises an alert on the open page", async () => {
  await page.getByRole("link", { name: "Alertas" }).click();
  await page.getByRole("heading", { name: "Alertas", exact: true }).waitFor();
  await settled(page);
  await page.getByRole("textbox", { name: "Consumo de um dia acima de" }).fill("0,2");
  await page.getByRole("button", { name: "Salvar" }).click();
  await page.getByText("Salvo. Já está valendo.").waitFor();
  assert.equal((await api(`/meters/${home.meterId}/alert-rules`)).excess_consumption.day_wh, 200);
  await page.getByRole("link", { name: "Início", exact: true }).click();
  home.feed(4000);
  const alert = page.locator(".home-alerts .alert", { hasText: "Consumo alto hoje" });
  await alert.waitFor({ timeout: 20_000 });
  const { items } = await api(`/alerts?meter_id=${home.meterId}&state=active`);
  const excess = items.find((item) => item.kind === "excess_consumption");
  assert.ok((await text(alert)).includes(excess.message["pt-BR"].replace(/\u00a0/g, " ")), "in the words of the API");
});

step("the alert is acknowledged with a note", async () => {
  const alert = page.locator(".home-alerts .alert", { hasText: "Consumo alto hoje" });
  await alert.getByRole("button", { name: "Reconhecer" }).click();
  await alert.getByRole("textbox").fill("É a festa de aniversário");
  await alert.getByRole("button", { name: "Reconhecer" }).click();
  await until("the API knows", async () => {
    const { items } = await api(`/alerts?meter_id=${home.meterId}`);
    return items.find((item) => item.kind === "excess_consumption")?.acknowledgement?.note === "É a festa de aniversário";
  });
  await alert.getByText("Reconhecido", { exact: true }).waitFor();
});

step("the same screen speaks English after a click, and keeps the choice", async () => {
  await page.getByRole("button", { name: "Conta e preferências" }).click();
  await page.getByRole("radio", { name: "English" }).click({ force: true });
  await page.getByRole("heading", { name: "Bill so far" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Use per day of this cycle" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
  await assertBillShown("en");
});

step("nothing went wrong in the page meanwhile", () => assertClean(page, /status of (401|422)/));

step("an English browser is greeted in English, and sees another's meter and bill as not there", async () => {
  const other = await openPage(await openBrowser({ language: "en-GB" }));
  await logIn(other, { username: env.CUSTOMER_USER ?? home.username, password: env.CUSTOMER_PASSWORD ?? home.password });
  await other.getByRole("heading", { name: "Power now" }).waitFor();
  if (env.CUSTOMER_USER) {
    const bill = await api(`/meters/${home.meterId}/bill`);
    await other.goto(`${env.URL}/bills/${bill.bill_id}`);
    await other.getByText("There is no such bill").waitFor();
    await other.goto(`${env.URL}/fleet/${home.meterId}`);
    await other.getByText("There is nothing at this address").waitFor();
  }
  assertClean(other, /status of 4(01|04|29)/);
});

step("a session that ends elsewhere leads to the login, and back to the same screen", async () => {
  await page.goto(`${env.URL}/bills`);
  await settled(page);
  await page.context().clearCookies();
  await page.getByRole("link", { name: "Home", exact: true }).click();
  await page.getByText("Your session has ended.").waitFor();
  await page.goto(`${env.URL}/usage?view=month`);
  await page.fill("input[name=username]", home.username);
  await page.fill("input[name=password]", home.password);
  await page.click("button[type=submit]");
  await page.getByRole("heading", { name: "Use per day" }).waitFor();
});

step("logging out ends the session", async () => {
  await page.getByRole("button", { name: "Account and preferences" }).click();
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByRole("button", { name: "Log in" }).waitFor();
  await page.reload();
  await page.getByRole("button", { name: "Log in" }).waitFor();
  assert.equal((await page.context().cookies()).filter((cookie) => cookie.value !== "").length, 0);
});


await run(() => page?.screenshot({ path: `${process.env.TMPDIR ?? "/tmp"}/quilowatt-household-failed.png`, fullPage: true }));
