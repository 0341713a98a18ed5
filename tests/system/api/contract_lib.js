// What fits api/openapi.yaml, and what does not.
import fs from "node:fs";
import Ajv from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { parse } from "yaml";

const METHODS = ["get", "post", "put", "patch", "delete"];
const escape = (key) => key.replaceAll("~", "~0").replaceAll("/", "~1");

// Objects are closed: what the contract does not name must not come.
function close(node) {
  if (Array.isArray(node)) return node.map(close);
  if (node === null || typeof node !== "object") return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, close(value)]));
  if (copy.properties && copy.type === "object" && copy.additionalProperties === undefined) copy.additionalProperties = false;
  return copy;
}

export class Contract {
  constructor(file) {
    this.document = parse(fs.readFileSync(file, "utf8"));
    this.ajv = new Ajv({ strict: false, allErrors: true });
    formats(this.ajv);
    this.ajv.addSchema({ $id: "contract", ...close(this.document) });
    this.validators = new Map();
    this.operations = Object.entries(this.document.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => item[method]).map((method) => ({ path, method, item, operation: item[method] })));
  }

  follow(node) {
    return node.$ref ? node.$ref.slice(2).split("/").reduce((at, key) => at[key], this.document) : node;
  }

  // The described response, or undefined.
  response(path, method, status) {
    const response = this.document.paths[path][method].responses[status];
    return response && this.follow(response);
  }

  // What is wrong with a JSON body, or "".
  mistakes(path, method, status, media, body) {
    const response = this.document.paths[path][method].responses[status];
    const base = response.$ref ? response.$ref.slice(1) : `/paths/${escape(path)}/${method}/responses/${status}`;
    const pointer = `${base}/content/${escape(media)}/schema`;
    if (!this.validators.has(pointer)) this.validators.set(pointer, this.ajv.compile({ $ref: `contract#${pointer}` }));
    const fits = this.validators.get(pointer);
    return fits(body) ? "" : this.ajv.errorsText(fits.errors);
  }
}
