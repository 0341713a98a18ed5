// The running system that run.env describes: its API, its broker, and households of a test's own in it.
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { skip, until } from "./check.mjs";

if (!process.env.QW_RUN_ENV) skip("QW_RUN_ENV names no run.env: start ./run, then QW_RUN_ENV=var/run.env");

export const env = Object.fromEntries(
  readFileSync(process.env.QW_RUN_ENV, "utf8")
    .split("\n")
    .filter((line) => /^\w+=/.test(line))
    .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
);

export const TZ = "America/Sao_Paulo";

/** A GET with the operator's token; the parsed body. */
export async function api(path) {
  const response = await fetch(`${env.URL}/api/v1${path}`, { headers: { Authorization: `Bearer ${env.API_TOKEN}` } });
  if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** Publishes as anybody with the operator's login could from a shell. */
export function publish(meterId, payload, topic = "readings") {
  execFileSync("mosquitto_pub", [
    ...["-h", env.MQTT_HOST, "-p", env.MQTT_PORT, "-u", env.MQTT_USER, "-P", env.MQTT_PASSWORD],
    ...["-q", "1", "-t", `meters/${meterId}/${topic}`, "-s"],
  ], { input: JSON.stringify(payload) });
}

export function qw(args, input = "") {
  return execFileSync(`${env.BIN}/qw`, ["--records-db", env.RECORDS_DB, "--ledger-db", env.LEDGER_DB, ...args], { input, encoding: "utf8" });
}

const QUARTER_MS = 900_000;

/** The local date of an instant in São Paulo. */
export function localDate(ms) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: TZ, year: "numeric", month: "2-digit", day: "2-digit" }).format(ms);
}

/** The 10th of last month, local midnight: days before it have no data. */
function historyStart(now) {
  const [year, month] = localDate(now).split("-").map(Number);
  return Date.UTC(year, month - 2, 10, 3); // São Paulo is at UTC-3 all year
}

/**
 * A household with a meter, an account, a login and a history by quarter-hours of about 0.3 kW, up to ten minutes ago.
 * `feed(wh, fields)` raises its register and publishes a reading of now.
 */
export async function household() {
  const name = `web-${randomBytes(5).toString("hex")}`;
  const password = randomBytes(12).toString("base64url");
  const now = Date.now();
  const from = historyStart(now);
  const lines = [
    { do: "meter add", id: name, tz: TZ, label: `Casa ${name}`, district: "teste", lat: -23.5, lon: -47.46, interval_s: 900 },
    { do: "customer add", id: `c-${name}`, name: `Cliente ${name}` },
    { do: "account add", customer: `c-${name}`, meter: name, from: new Date(from - 40 * 86_400_000).toISOString().slice(0, 8) + "01" },
  ];
  qw(["apply", "-"], lines.map((line) => JSON.stringify(line)).join("\n") + "\n");
  qw(["user", "add", `pessoa-${name}`, "--role", "customer", "--customer", `c-${name}`, "--password-file", "-"], `${password}\n`);

  let registerWh = 1_000_000;
  const readings = [];
  for (let ts = from; ts < now - 600_000; ts += QUARTER_MS) {
    readings.push({ ts, energy_wh: registerWh, power_w: 300 });
    registerWh += 60 + ((ts / QUARTER_MS) % 7) * 5;
  }
  readings.push({ ts: now - 600_000, energy_wh: registerWh, power_w: 300 });
  // Until the ingestor knows the new meter, its readings are set aside: the last one is repeated until it is stored.
  await until("the ingestor to know the meter", async () => {
    publish(name, readings.at(-1));
    return (await api(`/meters/${name}/readings?limit=1`)).items.length > 0;
  });
  for (let i = 0; i < readings.length; i += 1000) publish(name, { readings: readings.slice(i, i + 1000) });
  await until("the history to be worked through", async () => {
    const bill = await api(`/meters/${name}/bill`);
    const day = await api(`/meters/${name}/usage?bucket=day&from=${localDate(from)}&to=${localDate(from + 2 * 86_400_000)}`);
    return bill.forecast !== null && day.quality.every((quality) => quality === "measured");
  }, 30_000);

  return {
    meterId: name,
    username: `pessoa-${name}`,
    password,
    historyFrom: localDate(from),
    feed(wh, fields = {}) {
      registerWh += wh;
      publish(name, { energy_wh: registerWh, ...fields });
    },
  };
}

/** An amount of the API as a person reads it; Chromium and Node share Intl's tables. */
export function money(minor, bill, language) {
  return new Intl.NumberFormat(language, { style: "currency", currency: bill.currency }).format(minor / 10 ** bill.minor).replace(/\u00a0/g, " ");
}
