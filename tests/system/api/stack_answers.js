// node stack_answers.js OPENAPI URL TOKEN: see stack_answers.sh.
import { Contract } from "./contract_lib.js";

const [file, url, token] = process.argv.slice(2);
const contract = new Contract(file);
let failures = 0;
let checks = 0;

async function get(path, args = {}, query = "") {
  const where = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(args[name])) + query;
  const answer = await fetch(url + where, { headers: { Authorization: `Bearer ${token}` } });
  const media = (answer.headers.get("content-type") ?? "").split(";")[0];
  const document = await answer.json();
  const mistakes = contract.response(path, "get", answer.status) ? contract.mistakes(path, "get", answer.status, media, document) : "unknown status";
  checks += 1;
  if (mistakes !== "") {
    failures += 1;
    console.log(`FAILED: GET ${where} → ${answer.status}: ${mistakes}: ${JSON.stringify(document).slice(0, 300)}`);
  }
  return document;
}

const { items } = await get("/api/v1/meters", {}, "?limit=1000");
for (const { meter_id } of items.slice(0, 25)) {
  const args = { meter_id };
  await get("/api/v1/meters/{meter_id}", args);
  await get("/api/v1/meters/{meter_id}/readings", args, "?limit=1000");
  for (const bucket of ["quarter_hour", "hour", "day", "month"]) await get("/api/v1/meters/{meter_id}/usage", args, `?bucket=${bucket}`);
  await get("/api/v1/meters/{meter_id}/events", args, "?limit=1000");
  await get("/api/v1/meters/{meter_id}/bill", args);
  await get("/api/v1/meters/{meter_id}/alert-rules", args);
  const bills = await get("/api/v1/bills", {}, `?meter_id=${meter_id}`);
  for (const { bill_id } of bills.items.slice(0, 3)) await get("/api/v1/bills/{bill_id}", { bill_id });
}
await get("/api/v1/bills", {}, "?limit=1000");
await get("/api/v1/alerts", {}, "?limit=1000");
await get("/api/v1/verdicts", {}, "?limit=1000");
await get("/api/v1/quality", {}, "?limit=1000");
await get("/api/v1/fleet/summary");
await get("/api/v1/me");
await get("/health");
await get("/ready");
console.log(`${checks} answers of ${items.length} meters, ${failures} do not fit`);
process.exit(failures === 0 && items.length > 0 ? 0 : 1);
