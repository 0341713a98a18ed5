// node contract.js OPENAPI URL TOKEN ROUTES: see contract.sh.
import fs from "node:fs";
import http from "node:http";
import { Contract } from "./contract_lib.js";

const [file, url, token, narrow, routes, second] = process.argv.slice(2);
const contract = new Contract(file);
const { operations } = contract;
let failures = 0;
let checks = 0;

function expect(condition, words) {
  checks += 1;
  if (!condition) {
    failures += 1;
    console.log(`FAILED: ${words}`);
  }
}

const asked = new Map(operations.map(({ path, method }) => [`${method} ${path}`, new Set()]));

function checkRoutes() {
  const served = new Set(routes.trim().split("\n").map((line) => line.toLowerCase().replace(/^(\w+) (.*)$/, "$1 $2")));
  const said = new Set(operations.map(({ path, method }) => `${method} ${path}`.toLowerCase()));
  for (const one of served) expect(said.has(one), `served, but not in the contract: ${one}`);
  for (const one of said) expect(served.has(one), `in the contract, but not served: ${one}`);
}

async function ask(path, method, options = {}) {
  const { args = {}, query = "", headers = {}, body, as = "op" } = options;
  const where = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(args[name]));
  const all = { ...headers };
  if (["op", "narrow", "second"].includes(as)) all.Authorization = `Bearer ${{ op: token, narrow, second }[as]}`;
  if (body !== undefined && all["Content-Type"] === undefined) all["Content-Type"] = "application/json";
  const answer = await fetch(url + where + query, {
    method: method.toUpperCase(),
    headers: all,
    body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(15000),
  });
  const name = `${method.toUpperCase()} ${where}${query} → ${answer.status}`;
  asked.get(`${method} ${path}`)?.add(answer.status);
  const described = contract.response(path, method, answer.status) ?? {};
  expect(contract.response(path, method, answer.status), `${name}: this status is not in the contract`);
  const media = (answer.headers.get("content-type") ?? "").split(";")[0];
  if (media === "text/event-stream") {
    await answer.body.cancel();
    expect(described.content?.[media], `${name}: ${media} is not in the contract`);
    return { status: answer.status };
  }
  const text = await answer.text();
  if (described.content) {
    expect(described.content[media], `${name}: ${media} is not in the contract`);
    if (described.content[media] && media.endsWith("json")) {
      const mistakes = contract.mistakes(path, method, answer.status, media, JSON.parse(text));
      expect(mistakes === "", `${name}: ${mistakes}: ${text.slice(0, 300)}`);
    }
  } else {
    expect(text === "", `${name}: a body where the contract has none`);
  }
  for (const header of Object.keys(described.headers ?? {}))
    if (!(header === "Location" && method !== "post")) expect(answer.headers.has(header), `${name}: header ${header} is missing`);
  let document = null;
  try {
    document = JSON.parse(text);
  } catch {
    /* not JSON */
  }
  return { status: answer.status, document, headers: answer.headers, text };
}

async function status(wanted, path, method, options) {
  const answer = await ask(path, method, options);
  expect(answer.status === wanted, `${method} ${path} ${JSON.stringify(options ?? {})}: wanted ${wanted}, got ${answer.status} ${answer.text ?? ""}`);
  return answer;
}

// A body of more bytes than are taken: refused by what its head says, so none is sent.
async function tooLarge(path, method, args, length) {
  const where = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(args[name]));
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json", "Content-Length": length };
  const answer = await new Promise((resolve, reject) => {
    const request = http.request(url + where, { method: method.toUpperCase(), headers, timeout: 15000 }, (response) => {
      response.resume();
      response.on("end", () => request.destroy());
      resolve(response);
    });
    request.on("error", reject);
    request.flushHeaders();
  });
  asked.get(`${method} ${path}`)?.add(answer.statusCode);
  expect(answer.statusCode === 413 && answer.headers["content-type"] === "application/problem+json", `${method} ${path}: ${length} bytes: ${answer.statusCode}`);
}

// Values that every parameter of a query takes.
const VALUES = {
  from: "2026-11-01", to: "2026-11-02T00:00:00-03:00", limit: "2", cursor: "", order: "asc", bucket: "day", channel: "1.8.0,2.8.0",
  district: "centro", incomplete: "true", feeder: "f1", search: "casa", meter_id: "casa-42", kind: "excess_consumption",
  on: "2026-11-01", customer_id: "maria", verdict: "transient", place: "door", check: "spike", period: "quarter", edition: "1", lang: "en", line: "0", command_id: "none",
};

async function checkParameters({ path, method, item, operation }) {
  const args = { meter_id: "casa-42", bill_id: "casa-42-1", alert_id: "0".repeat(32), customer_id: "maria", account_id: "casa-42-1", token_id: "none", tariff_id: "seeded", estimate_id: "estimate-1", run_id: "run-1" };
  const responses = operation.responses;
  if (responses[403] && path !== "/metrics") await status(403, path, method, { args, as: "narrow" });
  if (responses[401] && path !== "/api/v1/session") await status(401, path, method, { args, as: "nobody" });
  if (responses[304]) {
    const tag = (await status(200, path, method, { args: { ...args, bill_id: "casa-42-1" } })).headers.get("etag");
    await status(304, path, method, { args, headers: { "If-None-Match": `"other", ${tag}` } });
  }
  const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((one) => contract.follow(one));
  const open = (operation.security ?? contract.document.security).length === 0;
  if (method !== "get" || path.endsWith("/live")) return;
  for (const parameter of parameters.filter((one) => one.in === "query" && one.name !== "cursor")) {
    let value = VALUES[parameter.name];
    if (parameter.name === "state") value = path.endsWith("/meters") ? "active" : path.endsWith("/bills") ? "draft" : path.endsWith("/estimates") ? "approved" : path.endsWith("/items") ? "all" : "open";
    expect(value !== undefined, `${path}: no value for ?${parameter.name} in this test`);
    const answer = await status(200, path, method, { args, query: `?${parameter.name}=${encodeURIComponent(value)}` });
    expect(answer.status === 200, `${path}: ?${parameter.name} is refused`);
    if (parameter.schema.enum || parameter.schema.type === "integer")
      await status(400, path, method, { args, query: `?${parameter.name}=no-such` });
    await status(400, path, method, { args, query: `?${parameter.name}=${value}&${parameter.name}=${value}` });
  }
  if (!open) await status(400, path, method, { args, query: "?no_such_parameter=1" });
  if (!open) await status(401, path, method, { args, as: "nobody", headers: { Authorization: `Bearer qw_${"a".repeat(32)}` } });
}

async function walkPages(path, query) {
  const seen = [];
  for (let cursor = "", pages = 0; cursor !== null && pages < 50; pages += 1) {
    const answer = await status(200, path, "get", { args: { meter_id: "casa-42" }, query: `?limit=1${query}${cursor && `&cursor=${encodeURIComponent(cursor)}`}` });
    seen.push(...answer.document.items.map((item) => JSON.stringify(item)));
    cursor = answer.document.next_cursor;
  }
  const whole = await status(200, path, "get", { args: { meter_id: "casa-42" }, query: `?limit=1000${query}` });
  expect(seen.length > 1 && seen.length === whole.document.items.length, `${path}: pages of one give ${seen.length}, the whole ${whole.document.items.length}`);
  expect(new Set(seen).size === seen.length, `${path}: pages repeat`);
  expect(JSON.stringify(seen) === JSON.stringify(whole.document.items.map((item) => JSON.stringify(item))), `${path}: pages differ from the whole`);
}

// Decisions on readings: what is refused and why, who may review, and what each state allows.
async function checkEstimates() {
  const path = "/api/v1/estimates";
  const one = `${path}/{estimate_id}`;
  const readings = (await ask("/api/v1/meters/{meter_id}/readings", "get", { args: { meter_id: "casa-42" }, query: "?limit=50" })).document.items;
  const { ts, energy_wh: value_wh } = readings[20];
  const hour = 3600e3;
  const at = (back) => new Date(Math.floor(Date.now() / hour) * hour - back * hour).toISOString();
  const edit = { meter_id: "casa-42", action: "edit", from: at(48), to: at(24), energy_wh: 24000, reason: "the household was away" };
  const question = { ...edit, reason: undefined };
  const looked = await status(200, `${path}/preview`, "post", { body: question });
  expect(looked.text === '{"before_wh":12000,"after_wh":24000,"needs_second":false}', `what an edit would change: ${looked.text}`);
  const greater = await status(200, `${path}/preview`, "post", { body: { ...question, energy_wh: 900000 } });
  expect(greater.document.needs_second, "beyond the threshold, before it is said");
  expect((await status(200, path, "get")).document.items.length === 0, "looking decides nothing");
  expect((await status(400, `${path}/preview`, "post", { body: { ...question, to: edit.from } })).document.errors[0].pointer === "/to", "it is refused as the decision would be");
  await status(413, `${path}/preview`, "post", { body: JSON.stringify({ reason: "x".repeat(70000) }) });
  await status(415, `${path}/preview`, "post", { body: "{}", headers: { "Content-Type": "text/plain" } });
  const headers = { "Idempotency-Key": "edit-1" };
  const made = await status(201, path, "post", { body: edit, headers });
  expect(made.headers.get("location") === `${path}/${made.document.estimate_id}`, "Location of a new decision");
  expect(made.document.estimate_id === "estimate-1" && made.document.state === "approved" && made.document.before_wh === 12000 && made.document.after_wh === 24000, `an edit: ${made.text}`);
  expect((await status(201, path, "post", { body: edit, headers })).text === made.text, "the same Idempotency-Key answers the same");
  await status(409, path, "post", { body: { ...edit, energy_wh: 1 }, headers });
  const got = await status(200, one, "get", { args: { estimate_id: "estimate-1" } });
  expect(got.text === made.text && got.headers.get("etag") === made.headers.get("etag"), "it is kept as it was said");

  for (const [change, pointer] of [
    [{ meter_id: "nobody" }, "/meter_id"], [{ meter_id: undefined }, "/meter_id"], [{ action: "invent" }, "/action"], [{ reason: undefined }, "/reason"], [{ reason: "" }, "/reason"],
    [{ energy_wh: undefined }, "/energy_wh"], [{ energy_wh: -1 }, "/energy_wh"], [{ from: "yesterday" }, "/from"], [{ to: edit.from }, "/to"], [{ to: at(-24) }, "/to"],
    [{ from: at(64 * 24) }, "/to"], [{ channel: "9.9" }, "/channel"], [{ channel: "3.8.0" }, "/channel"], [{ ts }, "/ts"], [{ colour: 1 }, "/colour"],
    [{ action: "accept", from: undefined, to: undefined, energy_wh: undefined, ts }, "/value_wh"],
    [{ action: "accept", from: undefined, to: undefined, energy_wh: undefined, ts, value_wh: value_wh + 1 }, "/ts"],
    [{ action: "refuse", from: undefined, to: undefined, energy_wh: undefined, ts: "2026-11-22", value_wh }, "/ts"],
    [{ action: "refuse", ts, value_wh }, "/from"], [{ action: "estimate", energy_wh: undefined, from: at(30), to: at(29) }, "/energy_wh"],
  ]) {
    const answer = await status(400, path, "post", { body: { ...edit, ...change } });
    expect(answer.document?.errors?.[0].pointer === pointer, `${JSON.stringify(change)}: pointer ${answer.document?.errors?.[0].pointer}, wanted ${pointer}`);
  }
  for (const body of ["{", "[]", "", "null"]) await status(400, path, "post", { body });
  await status(415, path, "post", { body: "{}", headers: { "Content-Type": "text/plain" } });
  await status(413, path, "post", { body: JSON.stringify({ reason: "x".repeat(70000) }) });

  const refused = await status(201, path, "post", { body: { meter_id: "casa-42", action: "refuse", ts, value_wh, reason: "a photograph shows another number" } });
  expect(refused.document.before_wh === 250 && refused.document.after_wh === 250 && refused.document.from === null && refused.document.ts !== null, `a read refused between two others: ${refused.text}`);
  await status(201, path, "post", { body: { meter_id: "casa-42", action: "accept", ts, value_wh, reason: "it was right" } });
  await status(201, path, "post", { body: { meter_id: "casa-42", action: "estimate", from: at(72), to: at(48), energy_wh: 15000, reason: "by the neighbour's meter" } });

  // beyond the threshold: a second person
  const great = await status(201, path, "post", { body: { ...edit, energy_wh: 900000, reason: "read by hand" } });
  const args = { estimate_id: great.document.estimate_id };
  expect(great.document.state === "proposed" && great.document.needs_second && great.document.reviewed_by === null, `beyond the threshold: ${great.text}`);
  for (const verb of ["approve", "reject"]) {
    const own = await status(403, `${one}/${verb}`, "post", { args });
    expect(own.document.type.endsWith("second_person"), `one's own may not be: ${own.text}`);
  }
  expect((await status(403, `${one}/withdraw`, "post", { args, as: "second" })).document.type.endsWith("not_yours"), "another's may not be withdrawn");
  await status(412, `${one}/approve`, "post", { args, as: "second", headers: { "If-Match": '"nonsense"' } });
  await status(412, `${one}/approve`, "post", { args, as: "second", headers: { "If-Match": made.headers.get("etag") } });
  await status(400, `${one}/approve`, "post", { args, as: "second", body: { notes: "x" } });
  await status(413, `${one}/approve`, "post", { args, as: "second", body: { note: "x".repeat(70000) } });
  await status(415, `${one}/approve`, "post", { args, as: "second", body: "{}", headers: { "Content-Type": "text/plain" } });
  const approved = await status(200, `${one}/approve`, "post", { args, as: "second", body: { note: "seen" }, headers: { "If-Match": great.headers.get("etag") } });
  expect(approved.document.state === "approved" && approved.document.reviewed_by === "op2" && approved.document.note === "seen", `approved: ${approved.text}`);
  await status(409, `${one}/reject`, "post", { args, as: "second" });
  expect((await status(200, `${one}/withdraw`, "post", { args, body: {} })).document.state === "withdrawn", "its author withdraws it");
  await status(409, `${one}/withdraw`, "post", { args });
  const other = { estimate_id: (await status(201, path, "post", { body: { ...edit, energy_wh: 800000 } })).document.estimate_id };
  expect((await status(200, `${one}/reject`, "post", { args: other, as: "second" })).document.state === "rejected", "rejected");
  await status(409, `${one}/approve`, "post", { args: other, as: "second" });
  for (const estimate_id of ["estimate-0", "estimate-999", "nothing"]) {
    await status(404, one, "get", { args: { estimate_id } });
    for (const verb of ["approve", "reject", "withdraw"]) await status(404, `${one}/${verb}`, "post", { args: { estimate_id } });
  }
  for (const verb of ["reject", "withdraw"]) {
    await status(412, `${one}/${verb}`, "post", { args, headers: { "If-Match": '"nonsense"' } });
    await status(400, `${one}/${verb}`, "post", { args, body: "[" });
    await status(413, `${one}/${verb}`, "post", { args, body: { note: "x".repeat(70000) } });
    await status(415, `${one}/${verb}`, "post", { args, body: "{}", headers: { "Content-Type": "text/plain" } });
  }
  await walkPages(path, "");
  await walkPages(path, "&state=approved");
  const { items } = (await status(200, path, "get", { query: "?meter_id=casa-42&limit=1000" })).document;
  expect(items.length === 6 && items[5].estimate_id === "estimate-1", `decisions of a meter, newest first: ${items.map((item) => item.estimate_id)}`);
  for (const query of ["?state=open", "?cursor=x", "?cursor=-1", "?meter_id=a%20b"]) await status(400, path, "get", { query });
  await status(404, path, "get", { query: "?meter_id=nobody" });
}

async function checkMeters() {
  const path = "/api/v1/meters";
  const meter = { meter_id: "novo-1", tz: "Europe/Lisbon", district: "sul", service: { phases: 1, volts: 230, amps: 32 }, latitude: 38.7, longitude: -9.1, reading_interval_s: 60 };
  const headers = { "Idempotency-Key": "make-novo-1" };
  const made = await status(201, path, "post", { body: meter, headers });
  expect(made.headers.get("location") === "/api/v1/meters/novo-1", "Location of a new meter");
  expect(made.document.latitude === 38.7 && made.document.service.amps === 32, "a new meter is as it was told");
  const again = await status(201, path, "post", { body: meter, headers });
  expect(again.text === made.text, "the same Idempotency-Key answers the same");
  await status(409, path, "post", { body: { ...meter, tz: "UTC" }, headers });
  await status(409, path, "post", { body: meter });
  for (const [body, pointer] of [
    [{ tz: "UTC" }, "/meter_id"], [{ meter_id: "a b", tz: "UTC" }, "/meter_id"], [{ meter_id: "x", tz: "Mars/Base" }, "/tz"],
    [{ ...meter, meter_id: "y", service: { phases: 4, volts: 230, amps: 1 } }, "/service/phases"], [{ ...meter, meter_id: "y", colour: 1 }, "/colour"],
    [{ ...meter, meter_id: "y", latitude: 91 }, "/latitude"], [{ ...meter, meter_id: "y", reading_interval_s: 0.5 }, "/reading_interval_s"],
  ]) {
    const answer = await status(400, path, "post", { body });
    expect(answer.document.errors[0].pointer === pointer, `${JSON.stringify(body)}: pointer ${answer.document.errors[0].pointer}, wanted ${pointer}`);
  }
  for (const body of ["{", "[]", "", '{"meter_id":"a","meter_id":"b"}']) await status(400, path, "post", { body });
  await status(415, path, "post", { body: "{}", headers: { "Content-Type": "text/plain" } });
  await status(413, path, "post", { body: JSON.stringify({ meter_id: "x".repeat(70000) }) });
  const one = "/api/v1/meters/{meter_id}";
  const args = { meter_id: "novo-1" };
  const got = await status(200, one, "get", { args });
  await status(304, one, "get", { args, headers: { "If-None-Match": got.headers.get("etag") } });
  const changed = await status(200, one, "patch", { args, body: { label: "Nova", district: null }, headers: { "If-Match": got.headers.get("etag") } });
  expect(changed.document.label === "Nova" && changed.document.district === null && changed.document.feeder === null, "PATCH changes what it names");
  await status(412, one, "patch", { args, body: { label: "x" }, headers: { "If-Match": got.headers.get("etag") } });
  await status(412, one, "patch", { args, body: { label: "x" }, headers: { "If-Match": '"nonsense"' } });
  await status(400, one, "patch", { args, body: { meter_id: "other" } });
  await status(404, one, "patch", { args: { meter_id: "nobody" }, body: { label: "x" } });
  await status(413, one, "patch", { args, body: JSON.stringify({ label: "x".repeat(70000) }) });
  await status(415, one, "patch", { args, body: "x", headers: { "Content-Type": "text/plain" } });
  for (const path of Object.keys(contract.document.paths).filter((path) => path.startsWith("/api/v1/meters/{meter_id}")))
    await status(404, path, "get", { args: { meter_id: "no-such-meter" } });
}

async function checkSeries() {
  const path = "/api/v1/meters/{meter_id}/usage";
  const args = { meter_id: "casa-42" };
  for (const bucket of ["quarter_hour", "hour", "day", "month"]) {
    const { document } = await status(200, path, "get", { args, query: `?bucket=${bucket}` });
    const lengths = new Set([document.t, document.import_wh, document.export_wh, document.quality].map((column) => column.length));
    expect(lengths.size === 1 && document.t.length > 0, `${bucket}: columns of equal length, not empty`);
    document.quality.forEach((quality, i) => expect((quality === "missing") === (document.import_wh[i] === null), `${bucket}: missing is null at ${document.t[i]}`));
  }
  const { document: apart } = await status(200, path, "get", { args, query: "?bucket=hour&channel=1.8.0,2.8.0,99.8.0,1.8.0" });
  expect(Object.keys(apart.channels).join() === "1.8.0,2.8.0,99.8.0", "each channel once");
  expect(JSON.stringify(apart.channels["1.8.0"].wh) === JSON.stringify(apart.import_wh), "1.8.0 is the import");
  expect(apart.channels["99.8.0"].wh.every((wh) => wh === null), "a channel that was never told is null");
  const day = await status(200, path, "get", { args, query: "?bucket=day&from=2026-01-10&to=2026-01-12" });
  expect(day.document.t.join() === "2026-01-10T03:00:00Z,2026-01-11T03:00:00Z", "days begin at local midnight");
  expect(day.document.import_wh.every((wh) => wh === null), "days before all data are null");
  const long = await status(400, path, "get", { args, query: "?bucket=quarter_hour&from=2026-01-01&to=2026-11-01" });
  expect(long.document.detail.includes("5000") && long.document.detail.includes("bucket=day"), "too many points: names a coarser bucket");
  for (const query of ["?from=yesterday", "?to=2026-13-01", "?from=2026-02-01&to=2026-01-01", "?bucket=year", "?from=", "?channel=", "?channel=1.8", "?channel=1.8.0,", "?from=2026-01-01T00:00:00"])
    await status(400, path, "get", { args, query });
}

async function checkReadings() {
  const path = "/api/v1/meters/{meter_id}/readings";
  const args = { meter_id: "casa-42" };
  await walkPages(path, `&from=${new Date(Date.now() - 5 * 3600e3).toISOString()}`);
  const { document } = await status(200, path, "get", { args });
  expect(document.items.length === 100 && document.next_cursor, "a page of 100 by default");
  expect(document.items[0].ts > document.items[1].ts, "newest first");
  expect(document.items.every((item) => item.registers["1.8.1"] > 0 && item.frequency_hz === 60.01), "registers and frequency");
  const asc = await status(200, path, "get", { args, query: "?order=asc&limit=3" });
  expect(asc.document.items[0].ts < asc.document.items[1].ts, "oldest first");
  for (const query of ["?limit=0", "?limit=1001", "?cursor=x", "?cursor=1.x", "?order=up", "?from=2026-02-01&to=2026-01-01"]) await status(400, path, "get", { args, query });
}

async function checkExceptions() {
  const path = "/api/v1/verdicts";
  await walkPages(path, "");
  await walkPages(path, "&place=neighbours");
  await walkPages(path, "&meter_id=casa-42&place=door");
  const { items } = (await status(200, path, "get", { query: "?limit=1000" })).document;
  expect(items.every((item, i) => i === 0 || Date.parse(item.at) <= Date.parse(items[i - 1].at)), "exceptions: newest first");
  const count = (wanted) => items.filter((item) => Object.entries(wanted).every(([key, value]) => item[key] === value)).length;
  expect(count({ place: "door" }) === 8 && count({ place: "neighbours" }) === 26, `exceptions: ${count({ place: "door" })} at the door, ${count({ place: "neighbours" })} over the neighbours`);
  const odd = items.find((item) => item.verdict === "bad_json");
  expect(odd.payload === '{"energy_wh":\ufffd<script>"\ufffd\n' && odd.detail === "broken \ufffd\ufffd", `a payload is text: ${JSON.stringify(odd)}`);
  const unknown = items.find((item) => item.verdict === "unknown_meter");
  expect(unknown.meter_id === "nobody-knows" && unknown.ts === null && unknown.seq === 7, "a name that is nobody's");
  const implausible = items.find((item) => item.verdict === "implausible");
  expect(implausible.channel === "1.8.1" && implausible.kind === "register" && implausible.counts === false && implausible.meaning.length > 10, "what the neighbours say");
  expect(count({ verdict: "rollover", counts: true }) === 10, "a rollover's energy counts");
  for (const verdict of ["transient", "rollover", "bad_json", "implausible"]) {
    const one = (await status(200, path, "get", { query: `?limit=1000&verdict=${verdict}` })).document.items;
    expect(one.length === count({ verdict }) && one.every((item) => item.verdict === verdict), `only ${verdict}`);
  }
  const middle = items[Math.floor(items.length / 2)].at;
  const before = (await status(200, path, "get", { query: `?limit=1000&to=${middle}` })).document.items;
  const after = (await status(200, path, "get", { query: `?limit=1000&from=${middle}` })).document.items;
  expect(before.length + after.length === items.length && before.every((item) => Date.parse(item.at) < Date.parse(middle)) && after.every((item) => Date.parse(item.at) >= Date.parse(middle)), "from counts, to does not");
  await status(200, path, "get", { query: "?verdict=future&place=neighbours" });
  await checkFindings(path, items);
  for (const query of ["?verdict=accepted", "?place=window", "?cursor=x", "?cursor=1.x", "?cursor=1.d-1", "?cursor=1.n12", "?from=2026-02-01&to=2026-01-01"]) await status(400, path, "get", { query });
  await status(404, path, "get", { query: "?meter_id=nobody" });
  for (const query of ["?cursor=1.c12", `?cursor=1.c${"0".repeat(18)}`, "?place=over_time&verdict=nothing"]) await status(400, path, "get", { query });

  const events = "/api/v1/meters/{meter_id}/events";
  const args = { meter_id: "casa-42" };
  await walkPages(events, "");
  const told = (await status(200, events, "get", { args })).document.items;
  expect(told.length === 8 && told[0].event === "exchange" && told[0].document.new_start_wh === 0 && told.every((item, i) => i === 0 || Date.parse(item.ts) <= Date.parse(told[i - 1].ts)), `events: ${JSON.stringify(told)}`);
  expect(told.filter((item) => item.event === "tamper" && item.document === null).length === 1, "a large event comes without its document");
  for (const query of ["?cursor=1.x", "?from=2026-02-01&to=2026-01-01"]) await status(400, events, "get", { args, query });
}

// What the checks over time found, alone and merged with the rest; and what is of a district.
async function checkFindings(path, judged) {
  const get = async (query) => (await status(200, path, "get", { query })).document.items;
  const text = (items) => JSON.stringify(items);
  for (const query of ["&place=any", "&place=over_time", "&place=any&district=centro", "&verdict=spike", "&verdict=high_day", "&place=any&meter_id=casa-42"]) await walkPages(path, query);
  const found = await get("?limit=1000&place=over_time");
  const local = (days) => new Intl.DateTimeFormat("sv-SE", { timeZone: "America/Sao_Paulo" }).format(Date.now() + days * 86400e3);
  expect(found.filter((item) => item.verdict === "spike").length === 8 && found.every((item) => item.at === `${item.day}T00:00:00Z`), `findings: ${text(found)}`);
  expect(found[0].day === local(-1) && found[0].unit === "percent" && found[0].threshold > 0 && found[0].meaning.length > 10 && Date.parse(found[0].from) < Date.parse(found[0].to), `a finding: ${text(found[0])}`);
  const any = await get("?limit=1000&place=any");
  expect(any.length === judged.length + found.length && text(any.filter((item) => item.place !== "over_time")) === text(judged), "any: all three, the others as before");
  expect(any.every((item, i) => i === 0 || Date.parse(item.at) <= Date.parse(any[i - 1].at)), "any: newest first");
  expect(text(await get("?limit=1000&verdict=high_day")) === text(found.filter((item) => item.verdict === "high_day")), "only high_day");
  expect((await get("?verdict=spike&place=door")).length === 0 && (await get("?verdict=transient&place=over_time")).length === 0, "a verdict of another place");
  const day = await get(`?limit=1000&place=over_time&meter_id=casa-42&from=${local(-3)}&to=${local(-1)}`);
  expect(text([...new Set(day.map((item) => item.day))]) === text([local(-2), local(-3)]), `days of one meter: ${text(day)}`);
  const of = (meter) => any.filter((item) => item.meter_id === meter);
  expect(text(await get("?limit=1000&place=any&district=centro")) === text(of("casa-42")) && of("casa-42").length > 20, "of a district");
  expect(text(await get("?limit=1000&place=any&district=norte")) === text(of("casa-43")) && (await get("?place=any&district=sul")).length === 0, "of another district, of none");
  expect((await get("?place=any&district=norte&meter_id=casa-42")).length === 0, "a meter that is not in the district");

  const checks = "/api/v1/checks";
  const days = async (query) => (await status(200, checks, "get", { query })).document.items;
  for (const query of ["", "&meter_id=casa-42", "&district=centro", "&check=high_day", `&from=${local(-3)}`]) await walkPages(checks, query.replace("high_day", "spike"));
  const all = await days("?limit=1000");
  const daysOf = (items) => items.map((item) => `${item.meter_id} ${item.day}`).join();
  expect(all.length === 8 && text(await days("?meter_id=casa-43")) === text(all.filter((item) => item.meter_id === "casa-43")), `days of one meter: ${daysOf(all)}`);
  expect(text(await days("?district=centro")) === text(all.filter((item) => item.meter_id === "casa-42")), "days of a district");
  expect(text(await days("?check=high_day")) === text(all.filter((item) => item.checks.some((check) => check.check === "high_day"))), "days of one check");
  expect(text(await days(`?from=${local(-3)}&to=${local(-1)}`)) === text(all.filter((item) => item.day >= local(-3) && item.day < local(-1))), "days of a range");
  const [first] = all;
  expect((await days(`?to=${first.day}&cursor=${Math.floor(Date.parse(first.day) / 86400e3) + 9}.1`)).every((item) => item.day < first.day), "a cursor does not widen the range");
  for (const query of ["?check=odd", "?from=2026-02-01&to=2026-01-01", "?cursor=1.x", "?cursor=99999999999.1"]) await status(400, checks, "get", { query });
  await status(404, checks, "get", { query: "?meter_id=nobody" });
}

async function checkOutages() {
  const path = "/api/v1/meters/{meter_id}/outages";
  const args = { meter_id: "casa-42" };
  const from = new Date(Date.now() - 22 * 86400e3).toISOString();
  const { items, months } = (await status(200, path, "get", { args, query: `?from=${from}` })).document;
  const counted = items.filter((item) => item.counted);
  const told = counted.filter((item) => item.began_by === "power_fail");
  expect(told.length === 1 && told[0].duration_s === 1800 && told[0].ended_by === "power_restored" && counted.some((item) => item.began_by === "flag" && item.duration_s === 900), `outages: ${JSON.stringify(items)}`);
  const sum = (key) => months.reduce((all, month) => all + Number(month[key]), 0);
  const hours = counted.reduce((all, item) => all + item.duration_s / 3600, 0);
  expect(sum("fic") === counted.length && Math.abs(sum("dic_h") - hours) < 0.011, `indicators: ${JSON.stringify(months)}`);
  expect((await status(200, path, "get", { args, query: "?from=2026-01-01&to=2026-02-01" })).document.months.map((month) => `${month.month} ${month.dic_h} ${month.fic} ${month.dmic_h} ${month.complete}`).join() === "2026-01 0.00 0 0.00 true", "a month without outages");
  await checkPeriods(path, args);
  for (const query of ["?from=x", "?from=2026-02-01&to=2026-02-01", "?from=2020-01-01&to=2026-01-01", "?period=week"]) await status(400, path, "get", { args, query });
  await status(404, path, "get", { args: { meter_id: "nobody" } });
}

// Quarters and years are whole, and the sums of their months.
async function checkPeriods(path, args) {
  const get = async (query) => (await status(200, path, "get", { args, query })).document;
  const year = new Date(Date.now() - 20 * 86400e3).getUTCFullYear();
  const whole = await get(`?from=${year}-11-01&to=${year}-12-01&period=year`);
  const names = (list, key) => list.map((item) => item[key]).join();
  expect(whole.months.length === 12 && whole.months[0].month === `${year}-12` && whole.months[11].month === `${year}-01`, `months of a year: ${names(whole.months, "month")}`);
  expect(names(whole.quarters, "quarter") === [4, 3, 2, 1].map((n) => `${year}-Q${n}`).join() && names(whole.years, "year") === `${year}`, `quarters of a year: ${names(whole.quarters, "quarter")}`);
  const sum = (list, key) => list.reduce((all, item) => all + Number(item[key]), 0);
  for (const list of [whole.quarters, whole.years]) expect(sum(list, "fic") === sum(whole.months, "fic") && Math.abs(sum(list, "dic_h") - sum(whole.months, "dic_h")) < 0.06, `the sum of the months: ${JSON.stringify(list)}`);
  whole.quarters.forEach((quarter, i) => expect(quarter.fic === sum(whole.months.slice(3 * i, 3 * i + 3), "fic") && !("dmic_h" in quarter), `a quarter: ${JSON.stringify(quarter)}`));
  expect(sum(whole.years, "fic") > 0, "a year with outages");
  const quarters = await get("?from=2025-12-31&to=2026-01-02&period=quarter");
  expect(names(quarters.quarters, "quarter") === "2026-Q1,2025-Q4" && quarters.months.length === 6 && quarters.years.length === 0 && quarters.quarters.every((quarter) => quarter.complete), `two quarters: ${JSON.stringify(quarters)}`);
  const widest = await get("?from=2023-12-01&to=2025-12-01&period=year");
  expect(names(widest.years, "year") === "2025,2024,2023" && widest.months.length === 36 && widest.quarters.length === 12, "three years");
  const plain = await get("?from=2026-01-01&to=2026-02-01");
  expect(plain.months.length === 1 && plain.quarters.length === 0 && plain.years.length === 0, "months alone");
}

async function checkQuality() {
  const path = "/api/v1/quality";
  const local = (days) => new Intl.DateTimeFormat("sv-SE", { timeZone: "America/Sao_Paulo" }).format(Date.now() + days * 86400e3);
  await walkPages(path, "");
  await walkPages(path, `&from=${local(-3)}`);
  const { items, totals } = (await status(200, path, "get", {})).document;
  const found = items.find((item) => item.meter_id === "casa-42");
  expect(found.day === local(-1) && found.slots_expected === 96 && found.slots_measured === 92 && found.slots_estimated === 4 && found.slots_missing === 0 && found.present_permille === 958 && found.import_wh === 12000, `a day: ${JSON.stringify(found)}`);
  const sum = (key) => items.reduce((all, item) => all + (item[key] ?? 0), 0);
  for (const key of ["slots_expected", "slots_measured", "slots_estimated", "slots_partial", "slots_missing", "slots_edited", "import_wh", "readings_expected", "readings_received"])
    expect(totals[key] === sum(key), `totals of ${key}: ${totals[key]}, ${sum(key)}`);
  expect(totals.meters === items.length, "totals of meters");
  expect(found.readings_expected === 96 && found.readings_received === 96, `readings of a day: ${JSON.stringify(found)}`);
  const odd = (item) => item.slots_estimated + item.slots_missing + item.slots_partial > 0 || item.readings_received + 1 < item.readings_expected;
  const some = (await status(200, path, "get", { query: `?limit=1000&from=${local(-3)}` })).document;
  const incomplete = (await status(200, path, "get", { query: `?limit=1000&from=${local(-3)}&incomplete=true` })).document;
  expect(JSON.stringify(incomplete.items) === JSON.stringify(some.items.filter(odd)) && incomplete.items.length > 0 && incomplete.items.length < some.items.length, "only days on which something is missing or estimated");
  expect(JSON.stringify(incomplete.totals) === JSON.stringify(some.totals), "totals of all days");
  expect((await status(200, path, "get", { query: `?limit=1000&from=${local(-3)}&incomplete=false` })).document.items.length === some.items.length, "incomplete=false: all");
  await walkPages(path, `&from=${local(-3)}&incomplete=true`);
  const silent = (await status(200, path, "get", { query: `?meter_id=casa-43&from=${local(0)}` })).document;
  expect(silent.items.length === 1 && silent.items[0].slots_measured === 0 && silent.items[0].import_wh === null, `a meter that is silent: ${JSON.stringify(silent)}`);
  const one = (await status(200, path, "get", { query: `?meter_id=casa-42&from=${local(-5)}&to=${local(-2)}` })).document;
  expect(one.items.map((item) => item.day).join() === [local(-5), local(-4), local(-3)].join() && one.totals.meters === 1 && one.totals.slots_expected === 288, `days of one meter: ${JSON.stringify(one)}`);
  const instants = (await status(200, path, "get", { query: `?meter_id=casa-42&from=${local(-5)}T03:00:00Z&to=${local(-2)}T03:00:00Z` })).document;
  expect(JSON.stringify(instants) === JSON.stringify(one), "instants mean the local days they lie on");
  const last = (await status(200, path, "get", { query: `?meter_id=casa-42&to=${local(-2)}` })).document;
  expect(last.items.length === 1 && last.items[0].day === local(-3), "to alone: the day before");
  const centre = (await status(200, path, "get", { query: "?district=centro" })).document;
  expect(centre.items.map((item) => item.meter_id).join() === "casa-42" && centre.totals.meters === 1, "of one district");
  const paged = (await status(200, path, "get", { query: "?limit=1" })).document;
  const next = (await status(200, path, "get", { query: `?limit=1&cursor=${paged.next_cursor}` })).document;
  expect(paged.totals.meters === totals.meters && next.totals === null, "totals on the first page alone");
  for (const query of ["?from=2026-02-01&to=2026-01-01", "?from=2026-01-01&to=2026-04-01", "?from=x", "?cursor=x", "?cursor=1.casa-42", "?district=a%20b", "?incomplete=1"]) await status(400, path, "get", { query });
  await status(404, path, "get", { query: "?meter_id=nobody" });
  const { document } = await status(200, "/api/v1/meters/{meter_id}", "get", { args: { meter_id: "casa-42" } });
  expect(Array.isArray(document.device), "a meter's devices");
  const { exchanges } = document;
  expect(exchanges.length === 2 && exchanges[0].old_final_wh === null && exchanges[0].new_serial === null && exchanges[1].old_final_wh === 5000 && exchanges[1].new_start_wh === 0 && exchanges[1].new_serial === "N-7", `exchanges: ${JSON.stringify(exchanges)}`);
}

async function checkBillsAndAlerts() {
  await walkPages("/api/v1/bills", "&meter_id=casa-42");
  await walkPages("/api/v1/bills", "");
  await walkPages("/api/v1/alerts", "");
  await walkPages("/api/v1/meters", "");
  await status(200, "/api/v1/meters/{meter_id}/bill", "get", { args: { meter_id: "casa-42" } });
  const bills = await status(200, "/api/v1/bills", "get", { query: "?state=draft&meter_id=casa-44" });
  expect(bills.document.items.length === 3 && bills.document.items.every((bill) => bill.state === "draft"), "drafts alone");
  await status(200, "/api/v1/bills/{bill_id}", "get", { args: { bill_id: bills.document.items[0].bill_id } });
  await status(404, "/api/v1/bills/{bill_id}", "get", { args: { bill_id: "none" } });
  await checkExplanation(bills.document.items[0].bill_id, "ledger");
  await status(404, "/api/v1/bills/{bill_id}/explain", "get", { args: { bill_id: "none" } });
  const older = (await status(200, "/api/v1/meters/{meter_id}/bill", "get", { args: { meter_id: "casa-42" } })).document; // seeded as versions before left it
  await status(409, "/api/v1/bills/{bill_id}/explain", "get", { args: { bill_id: older.bill_id } });
  await status(404, "/api/v1/bills/{bill_id}.pdf", "get", { args: { bill_id: "none" } });
  await status(404, "/api/v1/bills", "get", { query: "?meter_id=nobody" });
  await status(404, "/api/v1/alerts", "get", { query: "?meter_id=nobody" });
  const open = await status(200, "/api/v1/alerts", "get", { query: "?meter_id=casa-42&state=open" });
  expect(open.document.items.length === 1 && open.document.items[0].state === "active", "one open alert");
  const path = "/api/v1/alerts/{alert_id}/acknowledge";
  const args = { alert_id: open.document.items[0].alert_id };
  await status(400, path, "post", { args, body: { note: 1 } });
  await status(415, path, "post", { args, body: "x", headers: { "Content-Type": "text/plain" } });
  await status(413, path, "post", { args, body: JSON.stringify({ note: "x".repeat(70000) }) });
  const done = await status(200, path, "post", { args, body: { note: "visto" }, headers: { "Idempotency-Key": "ack-1" } });
  expect(done.document.state === "acknowledged" && done.document.acknowledgement.note === "visto" && done.document.acknowledgement.by === "op", "acknowledged");
  const later = await status(200, path, "post", { args });
  expect(later.document.acknowledgement.note === "visto", "the first acknowledgement stands");
  const resolved = await status(200, "/api/v1/alerts", "get", { query: "?meter_id=casa-42&state=resolved" });
  await status(409, path, "post", { args: { alert_id: resolved.document.items[0].alert_id } });
  await status(404, path, "post", { args: { alert_id: "0".repeat(32) } });
}

async function checkRules() {
  const path = "/api/v1/meters/{meter_id}/alert-rules";
  const args = { meter_id: "casa-42" };
  const before = await status(200, path, "get", { args });
  expect(before.document.excess_consumption === null, "no rule is the default");
  const rules = { excess_consumption: { day_wh: 20000 }, bill_variation: { percent: 30, enabled: false } };
  const set = await status(200, path, "put", { args, body: rules, headers: { "If-Match": before.headers.get("etag") } });
  expect(set.document.excess_consumption.day_wh === 20000 && set.document.bill_variation.enabled === false, "rules are as they were set");
  await status(412, path, "put", { args, body: rules, headers: { "If-Match": before.headers.get("etag") } });
  const back = await status(200, path, "put", { args, body: { bill_variation: { percent: 40 } } });
  expect(back.document.excess_consumption === null && back.document.bill_variation.percent === 40, "what is left out goes back to its default");
  for (const body of [{ meter_silent: {} }, { excess_consumption: 5 }, { excess_consumption: { day_wh: 0 } }, { bill_variation: { percent: "30" } }, [], "x"])
    await status(400, path, "put", { args, body });
  await status(404, path, "put", { args: { meter_id: "nobody" }, body: {} });
  await status(413, path, "put", { args, body: JSON.stringify({ x: "x".repeat(70000) }) });
  await status(415, path, "put", { args, body: "x", headers: { "Content-Type": "text/plain" } });
}

async function checkPeople() {
  const customers = "/api/v1/customers";
  const customer = { customer_id: "ana", name: "Ana \"Aninha\" Souza", email: "ana@example.org", language: "en" };
  const made = await status(201, customers, "post", { body: customer });
  expect(made.headers.get("location") === "/api/v1/customers/ana" && made.document.name === customer.name, "a new customer");
  await status(409, customers, "post", { body: customer });
  for (const [body, pointer] of [[{ name: "x" }, "/customer_id"], [{ customer_id: "x" }, "/name"], [{ ...customer, customer_id: "x", language: "fr" }, "/language"], [{ customer_id: "x", name: "x", email: "none" }, "/email"], [{ customer_id: "x", name: "x", age: 5 }, "/age"]]) {
    const answer = await status(400, customers, "post", { body });
    expect(answer.document.errors[0].pointer === pointer, `${JSON.stringify(body)}: pointer ${answer.document.errors[0].pointer}, wanted ${pointer}`);
  }
  const one = "/api/v1/customers/{customer_id}";
  const ana = { args: { customer_id: "ana" } };
  const tag = made.headers.get("etag");
  const changed = await status(200, one, "patch", { ...ana, body: { email: null }, headers: { "If-Match": tag } });
  expect(changed.document.email === null && changed.document.language === "en", "a changed customer");
  await status(412, one, "patch", { ...ana, body: { email: null }, headers: { "If-Match": tag } });
  await status(400, one, "patch", { ...ana, body: { customer_id: "other" } });
  await status(404, one, "patch", { args: { customer_id: "nobody" }, body: {} });
  await status(404, one, "get", { args: { customer_id: "nobody" } });
  await walkPages(customers, "");

  const accounts = "/api/v1/accounts";
  const account = { customer_id: "ana", meter_id: "novo-1", from: "2026-01-01", goal_minor: 15000, class: "residential", phases: 1 };
  const open = await status(201, accounts, "post", { body: account });
  expect(open.document.account_id === "novo-1-1" && open.document.until === null && open.document.class === "residential" && open.document.phases === 1, `a new account: ${open.text}`);
  expect((await status(200, "/api/v1/meters/{meter_id}", "get", { args: { meter_id: "novo-1" } })).document.state === "active", "its meter is active");
  await status(409, accounts, "post", { body: account });
  for (const [body, pointer] of [[{ ...account, meter_id: "nothing" }, "/meter_id"], [{ ...account, from: "2026-02-30" }, "/from"], [{ ...account, phases: 4 }, "/phases"], [{ ...account, goal_minor: -1 }, "/goal_minor"], [{ customer_id: "ana" }, "/meter_id"], [{ ...account, from: "2025-01-01", until: "2025-01-01" }, "/until"]]) {
    const answer = await status(400, accounts, "post", { body });
    expect(answer.document.errors[0].pointer === pointer, `${JSON.stringify(body)}: pointer ${answer.document.errors[0].pointer}, wanted ${pointer}`);
  }
  const item = "/api/v1/accounts/{account_id}";
  const args = { account_id: "novo-1-1" };
  const terms = await status(200, item, "patch", { args, body: { terms_from: "2026-02-01", class: "rural", phases: null }, headers: { "If-Match": open.headers.get("etag") } });
  expect(terms.document.class === "rural" && terms.document.phases === null && terms.document.goal_minor === 15000, `changed terms: ${terms.text}`);
  await status(412, item, "patch", { args, body: { goal_minor: null }, headers: { "If-Match": open.headers.get("etag") } });
  await status(400, item, "patch", { args, body: { class: "rural" } });
  await status(400, item, "patch", { args, body: { terms_from: "2026-02-01" } });
  await status(400, item, "patch", { args, body: { terms_from: "2026-02-01", tariff_id: "no-such-tariff" } });
  const ended = await status(200, item, "patch", { args, body: { until: "2026-10-01", goal_minor: null } });
  expect(ended.document.until === "2026-10-01" && ended.document.state === "closed" && ended.document.goal_minor === null, "an ended account");
  await status(404, item, "get", { args: { account_id: "nothing" } });
  await status(404, item, "patch", { args: { account_id: "nothing" }, body: {} });
  await status(404, accounts, "get", { query: "?meter_id=nothing" });
  await walkPages(accounts, "");
  const held = await status(200, accounts, "get", { query: "?on=2026-05-01&meter_id=casa-44" });
  expect(held.document.items.length === 1 && held.document.items[0].customer_id === "joao", "who held a meter on a day");
  for (const [path, args] of [[one, { customer_id: "ana" }], [item, { account_id: "casa-42-1" }], [customers, {}], [accounts, {}]]) {
    const method = path.includes("{") ? "patch" : "post";
    await status(413, path, method, { args, body: JSON.stringify({ name: "x".repeat(70000) }) });
    await status(415, path, method, { args, body: "x", headers: { "Content-Type": "text/plain" } });
  }
}

// Drafts become numbered bills that nothing changes any more: preview, gates, issue, payment.
async function checkBillRuns() {
  const path = "/api/v1/bill-runs";
  const one = `${path}/{run_id}`;
  await status(409, `${one}/issue`, "post", { args: { run_id: "run-1" } }); // its preview broke off (contract.sh)
  await status(404, `${one}/issue`, "post", { args: { run_id: "run-99" } });
  for (const body of [{ until: "2026-13-01" }, { until: "2199-01-01" }, { meter_id: "nobody" }, { cycle_group: "nobody" }, { colour: 1 }, "["]) await status(400, path, "post", { body });
  await status(415, path, "post", { body: "{}", headers: { "Content-Type": "text/plain" } });
  await status(413, path, "post", { body: JSON.stringify({ until: "x".repeat(70000) }) });
  const made = await status(201, path, "post", { body: { meter_id: "casa-42" } });
  expect(made.document.state === "preview" && made.document.counts.ready === 2 && made.document.counts.held === 1 && made.document.total_minor === 3 * 23877, `a preview: ${made.text}`);
  expect(made.document.cycle_group === null, "a run of all groups");
  for (const [cycle_group, ready] of [["leste", 2], ["oeste", 0]]) {
    const grouped = await status(201, path, "post", { body: { cycle_group, meter_id: "casa-42" } });
    expect(grouped.document.cycle_group === cycle_group && grouped.document.counts.ready === ready, `a run of one cycle group: ${grouped.text}`);
  }
  const args = { run_id: made.document.run_id };
  expect(made.headers.get("location") === `${path}/${args.run_id}`, "Location of a run");
  const items = await status(200, `${one}/items`, "get", { args, query: "?state=ready" });
  expect(items.document.items.length === 2 && items.document.items.every((item) => item.gates.length === 0), `its bills: ${items.text}`);
  const held = (await status(200, `${one}/items`, "get", { args, query: "?state=held" })).document.items;
  expect(held.length === 1 && held[0].gates.join() === "grace" && held[0].before_minor === 23877, `held by the days of grace (contract.sh): ${JSON.stringify(held)}`);
  const release = `${one}/release`;
  const { bill_id } = held[0];
  await status(404, release, "post", { args, body: { bill_id: "none", reason: "looked at it" } });
  for (const body of [{ bill_id }, { reason: "x" }, { bill_id, reason: "" }, { bill_id, reason: "x", more: 1 }]) await status(400, release, "post", { args, body });
  await status(415, release, "post", { args, body: "{}", headers: { "Content-Type": "text/plain" } });
  await status(413, release, "post", { args, body: JSON.stringify({ reason: "x".repeat(70000) }) });
  const released = await status(200, release, "post", { args, body: { bill_id, reason: "the meter is read by hand" } });
  expect(released.document.counts.ready === 3 && released.document.counts.held === 0, `released: ${released.text}`);
  await status(404, `${one}/items`, "get", { args: { run_id: "nonsense" } });
  await status(404, one, "get", { args: { run_id: "run-99" } });

  const issued = await status(200, `${one}/issue`, "post", { args });
  expect(issued.document.state === "issued" && issued.document.counts.issued === 3, `issued: ${issued.text}`);
  expect((await status(200, `${one}/issue`, "post", { args })).text === issued.text, "issuing again changes nothing");
  const bills = await status(200, "/api/v1/bills", "get", { query: "?state=issued&meter_id=casa-42" });
  const numbers = bills.document.items.map((bill) => bill.number).sort();
  expect(numbers.join() === "1,2,3" && bills.document.items.every((bill) => bill.edition === 1 && bill.payment.state === "open"), `numbers: ${numbers}`);
  const byNumber = Object.fromEntries(bills.document.items.map((bill) => [bill.number, bill]));
  expect(byNumber[1].previous_hash === "" && byNumber[2].previous_hash === byNumber[1].hash && byNumber[3].previous_hash === byNumber[2].hash, "each has the hash of the one before");
  expect((await status(201, path, "post", { body: { meter_id: "casa-42" } })).document.counts.ready === 0, "what is issued and says the same is not in the next run");

  await status(409, release, "post", { args, body: { bill_id, reason: "looked at it" } });

  const payment = "/api/v1/bills/{bill_id}/payment";
  const paid = await status(200, payment, "put", { args: { bill_id }, body: { state: "paid", pix_code: "00020126", reference: "E123" } });
  expect(paid.document.payment.state === "paid" && paid.document.payment.pix_code === "00020126" && paid.document.hash === bills.document.items.find((bill) => bill.bill_id === bill_id).hash, `paid: ${paid.text}`);
  const back = await status(200, payment, "put", { args: { bill_id }, body: { state: "open" } });
  expect(back.document.payment.state === "open" && back.document.payment.pix_code === "00020126", "what is left out stays");
  for (const body of [{ state: "lost" }, { state: 1 }, { more: 1 }]) await status(400, payment, "put", { args: { bill_id }, body });
  await status(404, payment, "put", { args: { bill_id: "none" }, body: { state: "paid" } });
  await status(415, payment, "put", { args: { bill_id }, body: "{}", headers: { "Content-Type": "text/plain" } });
  await status(413, payment, "put", { args: { bill_id }, body: JSON.stringify({ reference: "x".repeat(70000) }) });
  await status(404, "/api/v1/bills/{bill_id}", "get", { args: { bill_id }, query: "?edition=2" });
  await status(400, "/api/v1/bills/{bill_id}", "get", { args: { bill_id }, query: "?edition=0" });
  const explained = await checkExplanation(bill_id, "recorded");
  expect(explained.state === "issued" && explained.number === bills.document.items.find((bill) => bill.bill_id === bill_id).number, "which issued bill it explains");
  await status(404, "/api/v1/bills/{bill_id}/explain", "get", { args: { bill_id }, query: "?edition=2" });
}

const sum = (list) => list.reduce((total, one) => total + (one ?? 0), 0);

// A bill opened up: its intervals add up to the quantity, by days and one by one, in pages too.
async function checkExplanation(bill_id, inputs) {
  const path = "/api/v1/bills/{bill_id}/explain";
  const args = { bill_id };
  const bill = (await status(200, "/api/v1/bills/{bill_id}", "get", { args })).document;
  const { document } = await status(200, path, "get", { args });
  expect(document.inputs === inputs && document.as_billed && document.total_minor === bill.total_minor, `${bill_id} is explained from ${document.inputs}`);
  expect(document.lines.length === bill.lines.length && document.lines.every((line, i) => line.exact_minor === bill.lines[i].exact_minor && line.line === i), "the lines of the bill");
  const { line, quantity, energy, intervals } = document.lines[0];
  expect(Math.round(Number(quantity) * 1000) === energy.quantity_wh && energy.quantity_wh > 0, `${quantity} kWh`);
  expect(sum(intervals.wh) === energy.quantity_wh && sum(intervals.metered_wh) === energy.metered_wh, "days add up to the quantity");
  expect(document.lines.at(-1).id === "standing" && document.lines.at(-1).intervals === undefined, "a fixed charge has no energy");
  const whole = (await status(200, path, "get", { args, query: `?line=${line}` })).document;
  expect(whole.lines.length === 1 && whole.next_cursor === null && sum(whole.lines[0].intervals.wh) === energy.quantity_wh, "one line");
  const seen = [];
  for (let cursor = "0"; cursor !== null; ) {
    const page = (await status(200, path, "get", { args, query: `?line=${line}&limit=7&cursor=${cursor}` })).document;
    seen.push(...page.lines[0].intervals.t);
    cursor = page.next_cursor;
  }
  expect(JSON.stringify(seen) === JSON.stringify(whole.lines[0].intervals.t) && seen.length > 7, `${seen.length} intervals in pages`);
  const beyond = await status(400, path, "get", { args, query: "?line=100" });
  expect(beyond.document.errors[0].pointer === "?line", `a line that is not there: ${beyond.text}`);
  await status(400, path, "get", { args, query: "?line=0&cursor=x" });
  return document;
}

// Tariffs: what `qw tariff check` refuses is refused with the same pointer; nothing is lost when one is replaced.
async function checkTariffs() {
  const path = "/api/v1/tariffs";
  const one = `${path}/{tariff_id}`;
  const document = { schema: "tariff/1", id: "flat", currency: "BRL", versions: [{ from: "2020-01-01", act: "REH 1", charges: [{ id: "energy", kind: "energy", rate: "0.80" }] }] };
  const args = { tariff_id: "flat" };
  const made = await status(201, path, "post", { body: document, headers: { "Idempotency-Key": "flat-1" } });
  expect(made.headers.get("location") === `${path}/flat` && JSON.stringify(made.document.document) === JSON.stringify(document), `a new tariff: ${made.text}`);
  expect(made.document.default === false && made.document.documents.length === 1, "its only document");
  await status(409, path, "post", { body: document });
  const wrong = (change) => ({ ...document, versions: [{ ...document.versions[0], ...change }] });
  for (const [body, pointer] of [
    [wrong({ charges: [{ id: "energy", kind: "energy", rate: 0.8 }] }), "/versions/0/charges/0/rate"],
    [wrong({ from: "2020-02-30" }), "/versions/0/from"],
    [wrong({ colour: 1 }), "/versions/0/colour"],
    [{ ...document, currency: "reais" }, "/currency"],
  ]) {
    for (const [where, method] of [[path, "post"], [one, "put"]]) {
      const answer = await status(400, where, method, { args, body });
      expect(answer.document.errors[0].pointer === pointer && answer.document.errors[0].detail !== "", `${method} ${JSON.stringify(body)}: ${answer.text}`);
    }
  }
  await status(400, path, "post", { body: "[" });
  const long = { ...document, _note: "x".repeat(200000) };
  const tag = made.headers.get("etag");
  const put = await status(200, one, "put", { args, body: long, headers: { "If-Match": tag } });
  expect(put.document.documents.length === 2 && put.document.version_hash !== made.document.version_hash, "a second document, longer than other bodies may be");
  await status(412, one, "put", { args, body: document, headers: { "If-Match": tag } });
  await status(412, one, "put", { args, body: document, headers: { "If-Match": "nonsense" } });
  const former = await status(200, one, "get", { args, query: `?version=${made.document.version_hash}` });
  expect(JSON.stringify(former.document.document) === JSON.stringify(document), "the former document");
  await status(404, one, "get", { args, query: "?version=0000" });
  await status(404, one, "get", { args: { tariff_id: "none" } });
  await status(404, one, "put", { args: { tariff_id: "none" }, body: document });
  const other = await status(400, one, "put", { args: { tariff_id: "seeded" }, body: document });
  expect(other.document.errors[0].pointer === "/id", `another tariff's document: ${other.text}`);
  for (const [where, method] of [[path, "post"], [one, "put"]]) {
    await status(415, where, method, { args, body: "{}", headers: { "Content-Type": "text/plain" } });
    await tooLarge(where, method, args, 1100000);
  }
  await checkSimulation();
  VALUES.version = (await status(200, one, "get", { args: { tariff_id: "seeded" } })).document.version_hash;
  await walkPages(path, "");
}

// Another tariff over a meter's own cycles.
async function checkSimulation() {
  const path = "/api/v1/tariffs/{tariff_id}/simulate";
  const simulate = (wanted, tariff_id, body, more = {}) => status(wanted, path, "post", { args: { tariff_id }, body, ...more });
  const question = { meter_id: "casa-44", from: "2020-01-01" };
  const own = (await simulate(200, "seeded", question)).document;
  const counted = own.cycles.filter((cycle) => cycle.left_out === null);
  expect(own.totals.difference_minor === 0 && own.totals.cycles === counted.length && own.totals.total_minor === counted.length * 23877, `its own tariff makes no difference: ${JSON.stringify(own.totals)}`);
  const flat = (await simulate(200, "flat", question)).document;
  const total = sum(flat.cycles.map((cycle) => (cycle.left_out === null ? Math.round(cycle.import_wh * 0.08) : 0)));
  expect(flat.totals.total_minor === total && flat.totals.difference_minor === total - own.totals.total_minor && total > 0, `a flat tariff: ${JSON.stringify(flat.totals)}`);
  expect(flat.completeness.days_covered === sum(counted.map((cycle) => cycle.days)) && flat.completeness.days_asked > 2000 && flat.completeness.complete === false, `completeness: ${JSON.stringify(flat.completeness)}`);
  const last = counted.at(-1);
  const exact = (await simulate(200, "flat", { ...question, from: last.cycle_from, to: last.cycle_until })).document;
  expect(exact.totals.cycles === 1 && exact.completeness.days_covered === exact.completeness.days_asked, `one cycle: ${JSON.stringify(exact.completeness)}`);
  const none = await simulate(422, "flat", { meter_id: "casa-44", from: last.cycle_from, to: new Date(Date.parse(last.cycle_from) + 86400e3).toISOString().slice(0, 10) });
  expect(none.document.detail.startsWith("No billing cycle of this meter begins and ends from"), none.text);
  const flags = { schema: "tariff/1", id: "flags", currency: "BRL", versions: [{ from: "2020-01-01", charges: [{ id: "flag", kind: "adder", table: { "2020-01": "0.10" } }] }] };
  await status(201, "/api/v1/tariffs", "post", { body: flags });
  const guessed = (await simulate(200, "flags", { ...question, from: last.cycle_from, to: last.cycle_until })).document;
  expect(guessed.cycles[0].note.includes("2020-01 is used") && guessed.completeness.complete === false && guessed.totals.total_minor === Math.round(last.import_wh / 100), `the last month known: ${JSON.stringify(guessed.cycles[0].note)}`);
  const future = { ...flags, id: "later", versions: [{ ...flags.versions[0], from: "2190-01-01" }] };
  await status(201, "/api/v1/tariffs", "post", { body: future });
  expect((await simulate(422, "later", question)).document.detail.includes("has no version in force on"), "a tariff that is not in force yet");
  await simulate(404, "none", question);
  await simulate(404, "flat", { ...question, meter_id: "nobody" });
  for (const [body, pointer] of [
    [{ from: "2020-01-01" }, "/meter_id"],
    [{ meter_id: "casa-44" }, "/from"],
    [{ ...question, from: "2020-02-30" }, "/from"],
    [{ ...question, from: "2199-01-01" }, "/from"],
    [{ ...question, to: "2019-01-01" }, "/to"],
    [{ ...question, more: 1 }, "/more"],
  ])
    expect((await simulate(400, "flat", body)).document.errors[0].pointer === pointer, `${JSON.stringify(body)}`);
  await simulate(413, "flat", JSON.stringify({ meter_id: "x".repeat(70000) }));
  await simulate(415, "flat", "{}", { headers: { "Content-Type": "text/plain" } });
}

// One's own API tokens: shown once, narrowed, ended.
async function checkTokens() {
  const path = "/api/v1/tokens";
  const one = `${path}/{token_id}`;
  const made = await status(201, path, "post", { body: { name: "export", scopes: ["bills:read", "readings:read"], expires: "2198-01-01T00:00:00Z" } });
  expect(made.headers.get("location") === `${path}/${made.document.token_id}` && made.document.scopes.join() === "readings:read,bills:read", `a new token: ${made.text}`);
  const as = { as: "it", headers: { Authorization: `Bearer ${made.document.token}` } };
  await status(200, "/api/v1/bills", "get", as);
  await status(403, "/api/v1/fleet/summary", "get", as);
  await status(403, path, "post", { ...as, body: { name: "more" } });
  const listed = await status(200, path, "get");
  const item = listed.document.items.find(({ token_id }) => token_id === made.document.token_id);
  expect(item.name === "export" && item.revoked === null && item.last_used !== null && !listed.text.includes(made.document.token), `in the list, without its secret: ${JSON.stringify(item)}`);
  for (const [body, pointer] of [
    [{}, "/name"],
    [{ name: "" }, "/name"],
    [{ name: "x", scopes: [] }, "/scopes"],
    [{ name: "x", scopes: "bills:read" }, "/scopes"],
    [{ name: "x", scopes: ["bills:eat"] }, "/scopes"],
    [{ name: "x", scopes: ["admin"] }, "/scopes"],
    [{ name: "x", expires: "2020-01-01T00:00:00Z" }, "/expires"],
    [{ name: "x", more: 1 }, "/more"],
  ]) {
    const answer = await status(400, path, "post", { body });
    expect(answer.document.errors[0].pointer === pointer, `${JSON.stringify(body)}: ${answer.text}`);
  }
  await status(400, path, "post", { body: { name: "x" }, headers: { "Idempotency-Key": "token-1" } });
  await status(415, path, "post", { body: "{}", headers: { "Content-Type": "text/plain" } });
  await status(413, path, "post", { body: JSON.stringify({ name: "x".repeat(70000) }) });
  // a token that makes tokens gives no more than it has, and for no longer
  const maker = (await status(201, path, "post", { body: { name: "maker", scopes: ["tokens:write", "bills:read"], expires: "2197-01-01T00:00:00Z" } })).document;
  const byMaker = { as: "maker", headers: { Authorization: `Bearer ${maker.token}` } };
  const child = (await status(201, path, "post", { ...byMaker, body: { name: "child" } })).document;
  expect(child.scopes.join() === "bills:read,tokens:write" && child.expires === maker.expires, `what a token makes: ${JSON.stringify(child.scopes)} ${child.expires}`);
  await status(400, path, "post", { ...byMaker, body: { name: "x", scopes: ["fleet:read"] } });
  await status(400, path, "post", { ...byMaker, body: { name: "x", expires: "2198-01-01T00:00:00Z" } });
  await status(404, one, "delete", { args: { token_id: made.document.token_id }, as: "second" });
  await status(400, one, "delete", { args: { token_id: made.document.token_id }, query: "?x=1" });
  await status(204, one, "delete", { args: { token_id: made.document.token_id } });
  await status(401, "/api/v1/bills", "get", as);
  await status(404, one, "delete", { args: { token_id: "none" } });
  let last = 201;
  for (let i = 0; i < 101 && last === 201; i += 1) last = (await ask(path, "post", { as: "second", body: { name: `token ${i}` } })).status;
  expect(last === 409, `more than 100 tokens: ${last}`);
  await walkPages(path, "");
}

// Commands to a meter: queued here; what becomes of them is the ingestor's (tests/system/flow/commands.sh).
async function checkCommands() {
  const path = "/api/v1/meters/{meter_id}/commands";
  const args = { meter_id: "casa-42" };
  const headers = { "Idempotency-Key": "command-1" };
  const body = { command: "set_interval", interval_s: 60 };
  const made = await status(201, path, "post", { args, body, headers });
  expect(made.document.state === "queued" && made.document.by === "op" && made.document.params.interval_s === 60 && made.document.sent === null, `a command: ${made.text}`);
  expect((await status(201, path, "post", { args, body, headers })).text === made.text, "the same Idempotency-Key answers the same");
  const resend = await status(201, path, "post", { args, body: { command: "resend", boot: "b1", from_seq: 3, to_seq: 3, expires_in_s: 604800 } });
  expect(Date.parse(resend.document.expires) - Date.parse(resend.document.at) === 604800e3, `its time: ${resend.text}`);
  const one = await status(200, path, "get", { args, query: `?command_id=${made.document.command_id}` });
  expect(one.document.items.length === 1 && JSON.stringify(one.document.items[0]) === JSON.stringify(made.document), `by its id: ${one.text}`);
  expect((await status(200, path, "get", { args: { meter_id: "casa-43" }, query: `?command_id=${made.document.command_id}` })).document.items.length === 0, "another meter has it not");
  await walkPages(path, "");
  for (const [change, pointer] of [
    [{ command: "explode" }, "/command"], [{ command: undefined }, "/command"], [{ interval_s: 0 }, "/interval_s"], [{ interval_s: 86401 }, "/interval_s"], [{ interval_s: undefined }, "/interval_s"],
    [{ boot: "b1" }, "/boot"], [{ expires_in_s: 0 }, "/expires_in_s"], [{ expires_in_s: 604801 }, "/expires_in_s"], [{ more: 1 }, "/more"],
    [{ command: "resend" }, "/boot"], [{ command: "resend", boot: "b1", from_seq: 3, to_seq: 2, interval_s: undefined }, "/to_seq"], [{ command: "resend", boot: "b1", from_seq: 3, to_seq: 4 }, "/interval_s"],
    [{ command: "resend", boot: "b1", from_seq: -1, to_seq: 4, interval_s: undefined }, "/from_seq"],
  ]) {
    const answer = await status(400, path, "post", { args, body: { ...body, ...change } });
    expect(answer.document?.errors?.[0].pointer === pointer, `${JSON.stringify(change)}: pointer ${answer.document?.errors?.[0].pointer}, wanted ${pointer}`);
  }
  await status(404, path, "post", { args: { meter_id: "nobody" }, body });
  await status(404, path, "get", { args: { meter_id: "nobody" } });
  await status(415, path, "post", { args, body: "{}", headers: { "Content-Type": "text/plain" } });
  await status(413, path, "post", { args, body: JSON.stringify({ boot: "x".repeat(70000) }) });
}

async function checkSession() {
  const path = "/api/v1/session";
  const login = await status(200, path, "post", { as: "nobody", body: { username: "joao", password: "joao-password" } });
  const cookie = login.headers.get("set-cookie");
  expect(/^quilowatt_session=[a-z2-7]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/.test(cookie), `cookie: ${cookie}`);
  const headers = { Cookie: cookie.split(";")[0] };
  const me = await status(200, "/api/v1/me", "get", { as: "joao", headers });
  expect(me.document.role === "customer" && me.document.customer.name === "Joao", "me");
  expect(me.document.meters.map((meter) => meter.meter_id).join() === "casa-43", "joao sees casa-43 alone");
  expect(me.document.csrf_token === login.document.csrf_token, "the same csrf_token again");
  await status(403, path, "delete", { as: "joao", headers });
  await status(400, path, "delete", { as: "joao", query: "?x=1", headers: { ...headers, "X-CSRF-Token": login.document.csrf_token } });
  await status(403, "/api/v1/fleet/summary", "get", { as: "joao", headers });
  await status(403, "/api/v1/customers", "get", { as: "joao", headers });
  await status(403, "/api/v1/verdicts", "get", { as: "joao", headers, query: "?place=door" });
  await status(403, "/api/v1/meters/{meter_id}/commands", "get", { as: "joao", headers, args: { meter_id: "casa-43" } });
  const judged = await status(200, "/api/v1/verdicts", "get", { as: "joao", headers });
  expect(judged.document.items.length === 2 && judged.document.items.every((item) => item.meter_id === "casa-43" && item.place === "neighbours"), `joao's exceptions: ${judged.text}`);
  const own = await status(200, "/api/v1/accounts", "get", { as: "joao", headers });
  expect(own.document.items.map((account) => account.account_id).join() === "casa-43-1,casa-44-1", "joao's accounts");
  await status(404, "/api/v1/accounts", "get", { as: "joao", headers, query: "?customer_id=maria" });
  await status(404, "/api/v1/accounts/{account_id}", "get", { as: "joao", headers, args: { account_id: "casa-42-1" } });
  const write = { as: "joao", headers: { ...headers, "X-CSRF-Token": login.document.csrf_token } };
  const goal = await status(200, "/api/v1/accounts/{account_id}", "patch", { ...write, args: { account_id: "casa-43-1" }, body: { goal_minor: 9900 } });
  expect(goal.document.goal_minor === 9900, "a household's goal");
  await status(403, "/api/v1/accounts/{account_id}", "patch", { ...write, args: { account_id: "casa-43-1" }, body: { until: "2026-12-01" } });
  await status(404, "/api/v1/accounts/{account_id}", "patch", { ...write, args: { account_id: "casa-42-1" }, body: { goal_minor: 1 } });
  await status(403, "/api/v1/meters", "post", { as: "joao", headers: { ...headers, "X-CSRF-Token": login.document.csrf_token }, body: { meter_id: "q", tz: "UTC" } });
  await status(204, path, "delete", { as: "joao", headers: { ...headers, "X-CSRF-Token": login.document.csrf_token } });
  await status(401, path, "delete", { as: "joao", headers: { ...headers, "X-CSRF-Token": login.document.csrf_token } });
  await status(401, "/api/v1/me", "get", { as: "joao", headers });
  await status(401, path, "post", { as: "nobody", body: { username: "nobody", password: "x" } });
  for (const body of [{ username: "op" }, { username: "op", password: 1 }, { username: "", password: "x" }, { username: "op", password: "x", more: 1 }])
    await status(400, path, "post", { as: "nobody", body });
  await status(415, path, "post", { as: "nobody", body: "a=b", headers: { "Content-Type": "application/x-www-form-urlencoded" } });
  await status(413, path, "post", { as: "nobody", body: JSON.stringify({ username: "x".repeat(70000) }) });
}

async function checkRest() {
  await status(200, "/health", "get", { as: "nobody" });
  await status(200, "/metrics", "get", { as: "nobody" });
  await status(403, "/metrics", "get", { as: "nobody", headers: { "X-Forwarded-For": "203.0.113.9" } });
  const yaml = await status(200, "/api/v1/openapi.yaml", "get", { as: "nobody" });
  expect(yaml.text === fs.readFileSync(file, "utf8"), "the server's contract is this one");
  await status(304, "/api/v1/openapi.yaml", "get", { as: "nobody", headers: { "If-None-Match": yaml.headers.get("etag") } });
  const fleet = await status(200, "/api/v1/fleet/summary", "get");
  expect(fleet.document.meters.total === 4 && fleet.document.meters.online === 2 && fleet.document.meters.never_read === 2, `fleet: ${JSON.stringify(fleet.document.meters)}`);
  expect(fleet.document.energy.yesterday_import_wh === 24000 && fleet.document.completeness.today.present_permille > 0, "fleet: energy and completeness");
  for (const [path, args] of [["/api/v1/live", {}], ["/api/v1/meters/{meter_id}/live", { meter_id: "casa-42" }]]) {
    await status(200, path, "get", { args });
    await status(400, path, "get", { args, headers: { "Last-Event-ID": "x" } });
    await status(401, path, "get", { args, as: "nobody" });
  }
}

checkRoutes();
await status(200, "/ready", "get", { as: "nobody" }); // first: the seeded heartbeat grows old
await checkEstimates();
await checkMeters();
await checkBillRuns();
await checkCommands();
await checkTariffs();
await checkTokens();
for (const operation of operations) await checkParameters(operation);
await checkSeries();
await checkReadings();
await checkExceptions();
await checkOutages();
await checkQuality();
await checkBillsAndAlerts();
await checkRules();
await checkPeople();
await checkSession();
await checkRest();
for (const [operation, statuses] of asked)
  expect([...statuses].some((one) => one >= 200 && one < 300), `${operation}: no success was seen`);
// What the contract promises was seen, but for what other scripts bring about.
const BEYOND = new Set(["429", "503", "default"]);
for (const { path, method, operation } of operations)
  for (const one of Object.keys(operation.responses))
    if (!BEYOND.has(one)) expect(asked.get(`${method} ${path}`).has(Number(one)), `${method} ${path}: ${one} was not seen`);
console.log(`${checks} checks, ${failures} failed`);
process.exit(failures === 0 ? 0 : 1);
