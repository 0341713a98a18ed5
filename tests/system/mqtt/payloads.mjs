// node payloads.mjs ROOT WIRE_SAYS WORK FOREIGN: see payloads.sh.
import fs from "node:fs";
import path from "node:path";
import { execFileSync } from "node:child_process";
import { Checks, MAX_BYTES, Schemas, parsePayload } from "./schema_lib.mjs";

const [root, wireSays, work, foreign] = process.argv.slice(2);
const schemas = new Schemas(path.join(root, "docs/schemas"));
const checks = new Checks();
const SCHEMA_OF = { reading: "readings", status: "status", event: "event", provision_request: "provision_request" };
const say = (mode, input = "") => execFileSync(wireSays, [mode], { input, encoding: "utf8", maxBuffer: 1 << 28 }).trimEnd().split("\n");

// Where the schema's answer is another than the parser's, and why that stays so. `schema` is what the schema says.
const DIFFERENCES = [
  {
    why: "JSON documents as validators see them keep the last of two members of one name; the parser refuses the message",
    schema: "takes",
    files: ["reading.duplicate_field.twice", "reading.duplicate_field.twice_inside", "reading.duplicate_field.one_of_two"],
  },
  { why: "the size of a message and the depth of its nesting (2,048) are not a schema's matter", schema: "takes", files: ["reading.too_large.by_one_byte", "reading.bad_json.nested_2049_deep"] },
  {
    why: "for JSON Schema 5.0 is the integer 5; the parser wants integers written without a point",
    schema: "takes",
    files: ["reading.bad_type.seq_written_as_decimal", "reading.bad_time.epoch_written_as_decimal", "reading.unsupported_version.written_as_decimal"],
  },
  {
    why: "the parser is exact: a decimal of 16 digits and more, or an integer beyond 64 bits wherever it stands, cannot be told exactly",
    schema: "takes",
    files: ["reading.out_of_range.energy_exponent_of_16_digits", "reading.out_of_range.unknown_member_beyond_64_bits"],
  },
  {
    why: "texts are kept in so many bytes of UTF-8; maxLength counts characters",
    schema: "takes",
    files: ["reading.out_of_range.boot_of_20_letters_in_40_bytes", "status.out_of_range.firmware_of_40_letters_in_80_bytes"],
  },
  { why: "NUL and lone surrogates are no text for the parser, in any member", schema: "takes", files: ["reading.bad_json.nul_in_text", "reading.bad_json.half_a_surrogate_pair"] },
  {
    why: "the parser cuts off what it does not keep before it looks at the limit",
    schema: "refuses",
    files: ["reading.power_fraction_above_the_limit", "reading.power_factor_a_hair_above_one", "reading.energy_a_hair_below_zero"],
  },
  { why: "the parser takes second 60 in any minute; RFC 3339 knows it at the end of a UTC day", schema: "refuses", files: ["reading.ts_leap_second_at_any_minute"] },
];
const differences = new Map(DIFFERENCES.flatMap(({ files, schema }) => files.map((file) => [file, schema])));

// ---- payloads that meters send

const written = path.join(work, "payloads");
fs.mkdirSync(written);
const cases = []; // { kind, name, file, wanted }: wanted is "accepted", a refusal's name, or undefined

function add(kind, name, bytes, wanted) {
  const file = path.join(written, `${cases.length}.json`);
  fs.writeFileSync(file, bytes);
  cases.push({ kind, name, file, wanted });
}

function addCorpus() {
  for (const folder of ["good", "bad"])
    for (const base of fs.readdirSync(path.join(root, "tests/contract/payloads", folder))) {
      const [kind, verdict] = base.split(".");
      cases.push({ kind, name: base.slice(0, -5), file: path.join(root, "tests/contract/payloads", folder, base), wanted: folder === "good" ? "accepted" : verdict });
    }
}

// Too long to stand as files.
function addLarge() {
  const batch = (count) => JSON.stringify({ readings: Array.from({ length: count }, (_, i) => ({ energy_wh: i, ts: i })) });
  const padded = (bytes) => `{"energy_wh":1,"note":"${"x".repeat(bytes - 26)}"}`;
  add("reading", "reading.batch_of_1000", batch(1000), "accepted");
  add("reading", "reading.bad_batch.1001", batch(1001), "bad_batch");
  add("reading", "reading.of_256_kib", padded(MAX_BYTES).padEnd(MAX_BYTES), "accepted");
  add("reading", "reading.too_large.by_one_byte", padded(MAX_BYTES).padEnd(MAX_BYTES + 1), "too_large");
  add("reading", "reading.nested_2000_deep", `{"energy_wh":1,"x":${"[".repeat(2000)}${"]".repeat(2000)}}`, "accepted");
  add("reading", "reading.bad_json.nested_2049_deep", `{"energy_wh":1,"x":${"[".repeat(2049)}${"]".repeat(2049)}}`, "bad_json");
}

const ODD = [null, true, "", "x", "1", 0, -1, 1, 2, 1.5, 86401, 9007199254740992, 1e300, -1e300, [], [1], [null], [1, 2, 3, 4], {}, { a: 1 }, { "1.8.0": 5 },
  { final_wh: 1, start_wh: 1 }, "2026-11-22T21:00:00Z", "2026-11-22", "online", "exchange", "x".repeat(33), "x".repeat(65), ["test"], [{}], [{ energy_wh: 1 }]];

// Every good payload with one member, at any depth, another, gone, or new.
function addMutations() {
  const names = ["v", "energy_wh", "energy_kwh", "export_wh", "registers", "interval_wh", "interval_s", "ts", "seq", "boot", "flags", "readings", "state", "event", "serial"];
  const seen = new Set();
  const put = (kind, name, document) => {
    const text = JSON.stringify(document);
    if (seen.has(kind + text)) return;
    seen.add(kind + text);
    add(kind, `${name} as ${text}`, text);
  };
  const walk = (kind, name, document, node) => {
    for (const key of Object.keys(node)) {
      const value = node[key];
      if (value !== null && typeof value === "object") walk(kind, name, document, value);
      for (const odd of ODD) {
        node[key] = odd;
        put(kind, name, document);
      }
      delete node[key];
      put(kind, name, document);
      node[key] = value;
    }
    if (Array.isArray(node)) return;
    for (const key of names.filter((one) => !(one in node))) {
      for (const odd of [5, null, "x", {}, []]) {
        node[key] = odd;
        put(kind, name, document);
      }
      delete node[key];
    }
  };
  for (const { kind, name, file } of [...cases].filter((one) => one.wanted === "accepted" && fs.statSync(one.file).size < 400 && !differences.has(one.name))) {
    const document = parsePayload(fs.readFileSync(file));
    walk(kind, name, document, document);
  }
}

// Every kind of parser must be able to take what somebody else's device says.
function addForeign() {
  if (!fs.existsSync(foreign)) return console.log("without the payloads of foreign devices: they are not here");
  const lines = fs.readFileSync(foreign, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  for (const { id, payload } of lines) for (const kind of Object.keys(SCHEMA_OF)) add(kind, `${id} as ${kind}`, payload);
  return console.log(`${lines.length} payloads of foreign devices`);
}

function schemaTakes(kind, document) {
  return document !== undefined && schemas.mistakes(SCHEMA_OF[kind], document) === "";
}

// A batch is judged reading by reading: so must the schema say it.
function checkMembers(one, document, verdicts) {
  const members = document?.readings;
  if (one.kind !== "reading" || !Array.isArray(members) || members.length !== verdicts.length || members.length < 2) return;
  verdicts.forEach((verdict, i) => {
    const fits = schemas.mistakes("reading", members[i]) === "" && members[i].ts !== undefined;
    checks.expect(fits === (verdict === "accepted"), `${one.name}: reading ${i} is ${verdict}, the schema ${fits ? "takes" : "refuses"} it`);
  });
}

function checkVerdicts() {
  const lines = say("verdicts", cases.map(({ kind, file }) => `${kind} ${file}\n`).join(""));
  checks.expect(lines.length === cases.length, `${cases.length} payloads, ${lines.length} answers`);
  const met = new Set();
  lines.forEach((line, i) => {
    const one = cases[i];
    const [, , words, exchange] = line.split("\t");
    const verdicts = words.split(",");
    const taken = verdicts.every((verdict) => verdict === "accepted");
    if (one.wanted === "accepted") checks.expect(taken, `${one.name}: the parser says ${words}`);
    else if (one.wanted) checks.expect(verdicts.includes(one.wanted), `${one.name}: the parser says ${words}`);
    const document = parsePayload(fs.readFileSync(one.file));
    const fits = schemaTakes(one.kind, document);
    const difference = differences.get(one.name);
    if (difference) met.add(one.name);
    if (difference) return checks.expect(fits !== taken && fits === (difference === "takes"), `${one.name}: no longer a difference: take it out of the table`);
    if (exchange !== "-") {
      const whole = schemas.mistakes("event#/$defs/exchange", document) === "";
      checks.expect(whole === (exchange === "whole"), `${one.name}: its registers are ${exchange}, the schema ${whole ? "takes" : "refuses"} them`);
    }
    checkMembers(one, document, verdicts);
    return checks.expect(fits === taken, `${one.name}: the parser says ${words}, the schema ${fits ? "takes" : "refuses"} it: ${document === undefined ? "no JSON" : schemas.mistakes(SCHEMA_OF[one.kind], document)}`);
  });
  checks.same(met, differences.keys(), "differences of the table that were met");
}

// ---- payloads that we send

// Members that may be left out, by schema and place.
const OPTIONAL = new Set([
  "reject/ts", "reject/seq", "bill/note", "bill/elapsed_hours", "bill/adjustments", "bill/credits", "bill/rounding_minor", "bill/adjustments/rule",
  "bill/lines/unit_price_gross", "bill/lines/act", "bill/lines/how", "bill/taxes/municipal", "bill/taxes/rule", "bill/taxes/exact_minor",
]);
const OPEN = new Set(["bill/lines/tax_included"]); // its members are named by the tariff

function checkClosed(schema, document, node, place) {
  for (const key of Object.keys(node)) {
    const value = node[key];
    const here = Array.isArray(node) ? place : `${place}/${key}`;
    if (value !== null && typeof value === "object" && !OPEN.has(here)) checkClosed(schema, document, value, here);
    if (Array.isArray(node)) continue;
    delete node[key];
    checks.expect((schemas.mistakes(schema, document) === "") === OPTIONAL.has(here), `${schema}: ${here} ${OPTIONAL.has(here) ? "may be" : "must not be"} left out`);
    node[key] = value;
  }
  if (Array.isArray(node)) return;
  node.colour = "blue";
  checks.expect(schemas.mistakes(schema, document) !== "", `${schema}: ${place} takes a member that we do not send`);
  delete node.colour;
}

function checkSamples() {
  const incoming = { reading: "reading", batch: "reading", status: "status", event: "event", provision_request: "provision_request" };
  const seen = new Map();
  for (const line of say("samples")) {
    const [schema, text] = line.split("\t");
    const document = JSON.parse(text);
    const mistakes = schemas.mistakes(schema, document);
    checks.expect(mistakes === "", `${schema}: the writer's own does not fit: ${mistakes}: ${text.slice(0, 300)}`);
    if (document.event === "command") checks.expect(schemas.mistakes("event#/$defs/command_answer", document) === "", `the answer to a command does not fit: ${text}`);
    if (incoming[schema]) add(incoming[schema], `a sample of ${schema}`, text, "accepted");
    else checkClosed(schema, document, document, schema);
    seen.set(schema, [...(seen.get(schema) ?? []), ...Object.keys(document)]);
  }
  for (const [schema, keys] of seen) {
    const document = schemas.documents.get(schema);
    const said = [document, ...(document.oneOf ?? []).map((one) => document.$defs[one.$ref.slice(8)])].flatMap((one) => Object.keys(one.properties ?? {}));
    if (!incoming[schema]) checks.same(keys, said.filter((key) => key !== "interval_s"), `${schema}: members written, and described`);
  }
  const closed = [...seen.keys()].filter((schema) => !incoming[schema]);
  checks.same(closed, ["receipt", "reject", "command", "provision_response", "alert", "bill"], "schemas of what we send");
}

function checkNames() {
  const lists = new Map();
  for (const line of say("names")) {
    const [list, name] = line.split("\t");
    lists.set(list, [...(lists.get(list) ?? []), name]);
  }
  const { properties: alert } = schemas.documents.get("alert");
  const { properties: bill } = schemas.documents.get("bill");
  checks.same(schemas.documents.get("reject").properties.verdict.enum, lists.get("refused"), "verdicts of a refusal");
  checks.same(alert.kind.enum, lists.get("alert_kind"), "kinds of alerts");
  checks.same(alert.unit.enum, lists.get("alert_unit"), "units of alerts");
  checks.same(alert.severity.enum, lists.get("alert_severity"), "severities");
  checks.same(alert.state.enum, lists.get("alert_state"), "states of alerts");
  checks.same(bill.state.enum, lists.get("bill_state"), "states of bills");
  checks.same(bill.lines.items.properties.quality.enum, lists.get("quality"), "qualities");
  checks.same(schemas.documents.get("reading").properties.flags.examples.flat(), lists.get("flag"), "flags");
}

// What a schema gives as an example fits it.
function checkExamples() {
  for (const [name, { examples = [] }] of schemas.documents) for (const one of examples) checks.expect(schemas.mistakes(name, one) === "", `${name}: an example does not fit: ${JSON.stringify(one)}`);
}

addCorpus();
addLarge();
addMutations();
addForeign();
checkSamples();
checkVerdicts();
checkNames();
checkExamples();
checks.close(`${cases.length} payloads`, 5000);
