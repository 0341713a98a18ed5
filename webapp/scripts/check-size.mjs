/* Measures what a household's first screen downloads as script: the entry (the household's home is
   in it), what it imports at once, and the larger of the two message catalogues, each as gzip. Over 120 KB is said,
   over 150 KB fails the build. */
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const WARN_KB = 120;
const FAIL_KB = 150;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(await readFile(new URL(".vite/manifest.json", dist), "utf8"));

const gzipBytes = async (file) => gzipSync(await readFile(new URL(file, dist)), { level: 9 }).length;

/** Every chunk that loads with `key`, itself included. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key]?.imports ?? []) closure(next, seen);
  return seen;
}

const find = (test) => Object.keys(manifest).find(test);
const entry = find((key) => manifest[key].isEntry);
const catalogues = Object.keys(manifest).filter((key) => /i18n\/messages\/(?!operator\.)[^/]+\.ts$/.test(key));
if (!entry || catalogues.length < 2) {
  console.error("the first route's chunks were not found in the manifest");
  process.exit(1);
}

const chunks = closure(entry);
let bytes = 0;
for (const key of chunks) {
  const size = await gzipBytes(manifest[key].file);
  bytes += size;
  console.log(`${(size / 1024).toFixed(1).padStart(8)} KB  ${manifest[key].file}`);
}
const largest = Math.max(...(await Promise.all(catalogues.map((key) => gzipBytes(manifest[key].file)))));
bytes += largest;
console.log(`${(largest / 1024).toFixed(1).padStart(8)} KB  messages (the larger language)`);

const kb = bytes / 1024;
console.log(`first route: ${kb.toFixed(1)} KB of script, gzip (goal ${WARN_KB}, limit ${FAIL_KB})`);
if (kb > FAIL_KB) {
  console.error("the first route is too heavy");
  process.exit(1);
}
if (kb > WARN_KB) console.warn("the first route is over its goal");
