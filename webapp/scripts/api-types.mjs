/* Generates src/api/schema.ts from the project's OpenAPI contract (--write), or says whether the committed
   file is what the contract gives today (--check, exit code 1 when it is not). */
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const contract = new URL("../../api/openapi.yaml", import.meta.url);
const target = new URL("../src/api/schema.ts", import.meta.url);
const header = "// Generated from api/openapi.yaml by `npm run api:types`; not to be edited.\n\n";

const fresh = header + astToString(await openapiTS(contract, { alphabetize: true, defaultNonNullable: false }));

if (process.argv.includes("--write")) {
  await writeFile(target, fresh);
  console.log("src/api/schema.ts written");
} else {
  const committed = await readFile(target, "utf8").catch(() => "");
  if (committed !== fresh) {
    console.error("src/api/schema.ts is not what api/openapi.yaml gives: run `npm run api:types`");
    process.exit(1);
  }
  console.log("src/api/schema.ts is fresh");
}
