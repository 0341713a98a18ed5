// node messages.mjs ROOT HEARD: lines "topic qos retain payload-in-hex" against docs/asyncapi.yaml; see messages.sh.
import fs from "node:fs";
import path from "node:path";
import { Checks, Schemas, parsePayload, require } from "./schema_lib.mjs";

const [root, heard] = process.argv.slice(2);
const { parse } = require("yaml");
const document = parse(fs.readFileSync(path.join(root, "docs/asyncapi.yaml"), "utf8"));
const schemas = new Schemas(path.join(root, "docs/schemas"));
const checks = new Checks();
const whole = (node) => (node?.$ref ? node.$ref.slice(2).split("/").reduce((at, key) => whole(at[key]), document) : node);

const operations = Object.entries(document.operations).map(([name, operation]) => {
  const channel = whole(operation.channel);
  return {
    name,
    pattern: new RegExp(`^${channel.address.replace(/[$]/g, "\\$&").replace(/\{\w+\}/g, "[^/]+")}$`),
    parameters: Object.keys(channel.parameters ?? {}).length,
    ...whole(operation.bindings).mqtt,
    payloads: (operation.messages ?? Object.values(channel.messages)).map((message) => whole(whole(message)).payload),
  };
});

// The operations of a topic; of alerts/system/x that of the system's alerts, not of a meter named system.
function operationsOf(topic) {
  const all = operations.filter(({ pattern }) => pattern.test(topic));
  const fewest = Math.min(...all.map(({ parameters }) => parameters));
  return all.filter(({ parameters }) => parameters === fewest);
}

function mistakes(payload, bytes) {
  if (payload.maxLength === 0) return bytes.length === 0 ? "" : "not empty";
  const json = parsePayload(bytes);
  return json === undefined ? "not JSON" : schemas.mistakes(payload.$ref.replace("./schemas/", "").replace(".json", ""), json);
}

const met = new Map();
const states = new Set();
const lines = fs.readFileSync(heard, "utf8").split("\n").slice(0, -1);
for (const line of lines) {
  const [topic, qos, retain, hex] = line.split(" ");
  const bytes = Buffer.from(hex, "hex");
  const named = operationsOf(topic);
  checks.expect(named.length > 0, `${topic} is not described`);
  const delivered = named.filter((one) => one.qos === Number(qos) && one.retain === (retain === "1"));
  checks.expect(delivered.length > 0, `${topic}: QoS ${qos}, retain ${retain} is not described: ${bytes}`);
  const reasons = delivered.flatMap(({ name, payloads }) => payloads.map((payload) => ({ name, reason: mistakes(payload, bytes) })));
  const fitting = reasons.filter(({ reason }) => reason === "");
  checks.expect(fitting.length === 1, `${topic}: ${fitting.length} descriptions fit ${bytes}: ${reasons.map(({ reason }) => reason).join("; ")}`);
  for (const { name } of fitting) met.set(name, (met.get(name) ?? 0) + 1);
  if (topic.startsWith("alerts/") && bytes.length > 0) {
    const { state, kind, subject } = JSON.parse(bytes);
    states.add(`${state} with retain ${retain}`);
    const [, who, ...rest] = topic.split("/");
    checks.expect(rest.at(-1) === kind && (subject.meter_id ?? Object.keys(subject)[0]) === who, `${topic}: its payload names another: ${bytes}`);
  }
}

checks.same(states, ["active with retain 1", "acknowledged with retain 1", "resolved with retain 0"], "states of alerts");
const NEEDED = ["sendReceipt", "sendReject", "sendResend", "sendBill", "sendProvisionResponse", "sendMeterAlert", "sendMeterAlertResolved", "clearMeterAlert", "receiveReadings", "receiveStatus"];
for (const name of NEEDED) checks.expect(met.has(name), `${name}: nothing of it was heard`);
console.log([...met].map(([name, count]) => `${name} ${count}`).join(", "));
checks.close(`${lines.length} messages`, 400);
