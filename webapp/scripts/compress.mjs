/* Lays a .br and a .gz beside every text file of dist/, which qw-api sends to browsers that take them, and removes
   what only the build needed. */
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
await rm(`${dist}.vite`, { recursive: true, force: true });

for (const name of await readdir(dist, { recursive: true })) {
  if (!/\.(js|css|svg|html)$/.test(name)) continue;
  const text = await readFile(dist + name);
  await writeFile(`${dist}${name}.gz`, gzipSync(text, { level: 9 }));
  await writeFile(`${dist}${name}.br`, brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}
