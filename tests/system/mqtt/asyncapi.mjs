// node asyncapi.mjs ROOT WIRE_SAYS: see asyncapi.sh.
import fs from "node:fs";
import path from "node:path";
import { execFileSync } from "node:child_process";
import { Checks, Schemas, require } from "./schema_lib.mjs";

const [root, wireSays] = process.argv.slice(2);
const Ajv7 = require("ajv").default;
const formats = require("ajv-formats").default;
const { parse } = require("yaml");
const checks = new Checks();
const file = path.join(root, "docs/asyncapi.yaml");
const document = parse(fs.readFileSync(file, "utf8"));
const schemas = new Schemas(path.join(root, "docs/schemas"));
const read = (name) => fs.readFileSync(path.join(root, name), "utf8");
const say = (mode, lines = []) => execFileSync(wireSays, [mode], { input: lines.map((line) => `${line}\n`).join(""), encoding: "utf8" }).trimEnd().split("\n").map((line) => line.split("\t"));

function checkSpecification() {
  const ajv = new Ajv7({ strict: false, allErrors: true, meta: false, validateSchema: false }); // the specification brings draft-07 along
  formats(ajv);
  const specification = JSON.parse(fs.readFileSync(path.join(path.dirname(require.resolve("@asyncapi/specs")), "schemas/3.0.0.json"), "utf8"));
  const fits = ajv.compile(specification);
  checks.expect(fits(document), `not AsyncAPI 3.0: ${ajv.errorsText(fits.errors)}`);
  checks.expect(!fits({ ...document, channels: { x: { address: 5 } } }), "the specification's schema refuses nothing");
}

// ---- references

const loaded = new Map();
const load = (name) => {
  if (!loaded.has(name)) loaded.set(name, name === file ? document : JSON.parse(fs.readFileSync(name, "utf8")));
  return loaded.get(name);
};

// What a reference of `from` names, or undefined.
function follow(reference, from = file) {
  const [name, pointer = ""] = reference.split("#");
  const target = name === "" ? from : path.resolve(path.dirname(from), name);
  if (target !== file && !fs.existsSync(target)) return undefined;
  return pointer.split("/").slice(1).reduce((at, key) => at?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], load(target));
}

const reached = new Set();
function walk(node, from, place) {
  if (node === null || typeof node !== "object") return;
  if (typeof node.$ref === "string") {
    checks.expect(follow(node.$ref, from) !== undefined, `${path.basename(from)}${place}: ${node.$ref} leads nowhere`);
    const name = node.$ref.split("#")[0];
    const target = name && path.resolve(path.dirname(from), name);
    if (target && fs.existsSync(target) && !reached.has(target)) {
      reached.add(target);
      walk(load(target), target, "");
    }
  }
  for (const [key, value] of Object.entries(node)) walk(value, from, `${place}/${key}`);
}

const whole = (node) => (node?.$ref ? follow(node.$ref) : node);

function checkReferences() {
  walk(document, file, "");
  const folder = path.join(root, "docs/schemas");
  checks.same([...reached].map((name) => path.basename(name)), fs.readdirSync(folder).filter((name) => name !== "tariff.json"), "schemas that the document leads to"); // tariffs are no messages
  for (const list of ["messages", "parameters", "operationBindings"])
    for (const name of Object.keys(document.components[list]))
      checks.expect(JSON.stringify(document).includes(`"#/components/${list}/${name}"`), `components.${list}.${name} is used nowhere`);
}

// ---- topics

const shape = (topic) => topic.replace(/\{\w+\}|<\w+>|%[suc]|\+|\bID\b/g, "*");
const channels = Object.entries(document.channels).map(([name, channel]) => ({ name, ...channel }));
const operations = Object.values(document.operations).map((operation) => ({
  action: operation.action,
  address: whole(operation.channel).address,
  ...whole(operation.bindings).mqtt,
}));
const shapes = (action) => operations.filter((one) => one.action === action).map(({ address }) => shape(address));

function checkChannels() {
  for (const { name, address, parameters = {}, messages } of channels) {
    checks.same(Object.keys(parameters), [...address.matchAll(/\{(\w+)\}/g)].map((found) => found[1]), `${name}: parameters`);
    checks.expect(Object.keys(messages).length > 0, `${name}: no message`);
    checks.expect(operations.some((one) => one.address === address), `${name}: no operation`);
    for (const message of Object.values(messages).map(whole)) checks.expect(message?.payload !== undefined, `${name}: a message without a payload`);
  }
  for (const operation of Object.values(document.operations))
    for (const message of operation.messages ?? []) checks.expect(message.$ref.startsWith(`${operation.channel.$ref}/messages/`), `${message.$ref} is not of its operation's channel`);
  for (const example of document.components.messages.readings.examples) checks.expect(schemas.mistakes("readings", example.payload) === "", `example ${example.name} does not fit`);
}

// What the ingestor subscribes to, with its QoS, is what is received; and its parser knows each.
function checkReceived() {
  const source = read("ingestor/main.c");
  const subscriptions = [...source.matchAll(/\{"([^"{}]+)", ([012])\}/g)].map(([, topic, qos]) => ({ topic, qos: Number(qos) }));
  checks.same(subscriptions.map(({ topic }) => shape(topic)), shapes("receive"), "subscriptions of the ingestor");
  for (const { topic, qos } of subscriptions) {
    const operation = operations.find(({ action, address }) => action === "receive" && shape(address) === shape(topic));
    checks.expect(operation?.qos === qos, `${topic}: subscribed to with QoS ${qos}, described with ${operation?.qos}`);
  }
  const known = new Map(say("topics", channels.map(({ address }) => address.replace(/\{\w+\}/g, "x"))));
  for (const { address } of channels) {
    const kind = known.get(address.replace(/\{\w+\}/g, "x"));
    checks.expect((kind !== "unknown") === shapes("receive").includes(shape(address)), `${address}: for the parser it is ${kind}`);
  }
}

// Formats of topics in the ingestor's code that its own parser does not know are what it publishes; alerts are named by lib/energy.
function checkSent() {
  const sources = fs.readdirSync(path.join(root, "ingestor"), { recursive: true }).filter((name) => name.endsWith(".c"));
  const literals = sources.flatMap((name) => [...read(path.join("ingestor", name)).matchAll(/"((?:meters|provision|alerts)\/[^" ]*)"/g)].map((found) => found[1]));
  const topics = [...new Set(literals.filter((one) => one.includes("%s")))];
  const known = new Map(say("topics", topics.map((one) => one.replace(/%s/g, "x"))));
  const published = topics.filter((one) => known.get(one.replace(/%s/g, "x")) === "unknown");
  const names = say("names");
  const alerts = names.filter(([list]) => list === "alert_topic").map(([, topic]) => topic.replace("tamper", "{kind}"));
  checks.same([...published, ...alerts].map(shape), shapes("send"), "topics that are published");
  checks.same(document.components.parameters.kind.enum, names.filter(([list]) => list === "alert_kind").map(([, name]) => name), "kinds of alerts");
}

// The broker lets a meter, or a device that has no identity yet, write what is received of it and read what is sent to it.
function checkAccess() {
  const patterns = [...read("ingestor/broker_files.c").matchAll(/"pattern (write|read) ([^\\"]+)\\n"/g)];
  const of = (access) => patterns.filter((found) => found[1] === access).map((found) => shape(found[2]));
  const ours = (topic) => !topic.startsWith("alerts/") && !topic.startsWith("$SYS/");
  checks.same(of("write"), shapes("receive").filter(ours), "topics that a meter may write");
  checks.same(of("read"), shapes("send").filter(ours), "topics that a meter may read");
}

// Rows of the table of docs/protocol.md: topics, direction, QoS and retain. What it leaves out, and why:
const NOT_IN_WORDS = ["alerts/district/*/*", "alerts/feeder/*/*", "$SYS/broker/publish/messages/dropped"]; // prepared names; the broker's own
function checkWords() {
  const rows = [...read("docs/protocol.md").matchAll(/^\| (`(?:meters|alerts|provision)\/.*?) \| (.*?) \| (.*?) \|/gm)];
  const told = new Set();
  for (const [, topics, direction, delivery] of rows)
    for (const [, topic] of topics.matchAll(/`([^`]+)`/g)) {
      const all = operations.filter(({ address }) => shape(address) === shape(topic));
      told.add(shape(topic));
      const action = /ingestor →/.test(direction) ? "send" : "receive";
      checks.expect(all.length > 0 && all.every((one) => one.action === action), `${topic}: docs/protocol.md says ${direction}`);
      checks.expect(all.every(({ qos }) => qos === Number(delivery.match(/[012]/)[0])), `${topic}: docs/protocol.md says QoS ${delivery}`);
      checks.expect(all.some(({ retain }) => retain) === /retained/.test(delivery), `${topic}: docs/protocol.md says ${delivery}`);
    }
  checks.same([...told, ...NOT_IN_WORDS], channels.map(({ address }) => shape(address)), "topics in docs/protocol.md");
}

checkSpecification();
checkReferences();
checkChannels();
checkReceived();
checkSent();
checkAccess();
checkWords();
checks.close(`${channels.length} channels and ${operations.length} operations`, 100);
