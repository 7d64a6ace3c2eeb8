// Writes FILE.br and FILE.gz beside every file of a folder that gains from it: servers send them as they are.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [folder] = process.argv.slice(2);
for (const name of readdirSync(folder)) {
  const path = join(folder, name);
  if (!/\.(css|js|mjs|wasm|svg|json|txt|html)$/.test(name) || statSync(path).size < 512) continue;
  const bytes = readFileSync(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  const br = brotliCompressSync(bytes, { params });
  writeFileSync(`${path}.br`, br);
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  console.log(`  ${name}: ${(bytes.length / 1024).toFixed(0)} KiB, br ${(br.length / 1024).toFixed(0)} KiB`);
}
