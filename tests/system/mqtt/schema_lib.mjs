// docs/schemas, compiled twice: as the JSON Schema 2020-12 that they are, and as draft-07, which AsyncAPI tools take them for. Both must say the same.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";

// the packages of ../api
export const require = createRequire(new URL("../api/package.json", import.meta.url));
const Ajv2020 = require("ajv/dist/2020.js").default;
const Ajv7 = require("ajv").default;
const formats = require("ajv-formats").default;

export const MAX_BYTES = 256 * 1024;

// A payload as a JSON document, or undefined: not UTF-8, not JSON.
export function parsePayload(bytes) {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

export class Schemas {
  constructor(folder) {
    this.documents = new Map(
      fs.readdirSync(folder).filter((name) => name.endsWith(".json")).map((name) => [name.slice(0, -5), JSON.parse(fs.readFileSync(path.join(folder, name)))]),
    );
    const options = { strict: true, strictRequired: false, strictTypes: false, allowUnionTypes: true };
    this.dialects = [new Ajv2020(options), new Ajv7(options)];
    for (const ajv of this.dialects) formats(ajv);
    for (const [name, document] of this.documents) {
      const { $schema, ...rest } = document;
      if ($schema !== "https://json-schema.org/draft/2020-12/schema") throw new Error(`${name}: $schema is ${$schema}`);
      this.dialects[0].addSchema(document, `${name}.json`);
      this.dialects[1].addSchema(rest, `${name}.json`);
    }
  }

  // What is wrong with a document, or "". `name` may end with a pointer: "event#/$defs/exchange".
  mistakes(name, document) {
    const [file, pointer] = name.split("#");
    const reference = `${file}.json${pointer === undefined ? "" : `#${pointer}`}`;
    const [newer, older] = this.dialects.map((ajv) => {
      const fits = ajv.getSchema(reference);
      if (!fits) throw new Error(`there is no schema ${reference}`);
      return fits(document) ? "" : ajv.errorsText(fits.errors);
    });
    if ((newer === "") !== (older === "")) throw new Error(`${reference}: 2020-12 says '${newer}', draft-07 says '${older}' of ${JSON.stringify(document).slice(0, 300)}`);
    return newer;
  }
}

// Counts checks; `close` prints the sum and ends with 1 when one failed, or when there were fewer than expected.
export class Checks {
  constructor() {
    this.count = 0;
    this.failed = 0;
  }

  expect(condition, words) {
    this.count += 1;
    if (condition) return;
    this.failed += 1;
    if (this.failed <= 40) console.log(`FAILED: ${words}`);
  }

  same(found, wanted, words) {
    const [a, b] = [found, wanted].map((list) => [...new Set(list)].sort().join(" "));
    this.expect(a === b, `${words}: found ${a}; wanted ${b}`);
  }

  close(what, fewest) {
    console.log(`${this.count} checks of ${what}, ${this.failed} failed`);
    process.exit(this.failed === 0 && this.count >= fewest ? 0 : 1);
  }
}
