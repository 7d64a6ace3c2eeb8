// QuickJS compiled to WASI, an instance of its own each time.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { QuickJS } from 'quickjs-wasi';
import { check, serve } from './serve.mjs';

const bytes = await readFile(createRequire(import.meta.url).resolve('quickjs-wasi/quickjs.wasm'));
const module = await WebAssembly.compile(bytes);

async function fresh({ n }) {
  const ms = [];
  for (let i = 0; i < n; i += 1) {
    const began = performance.now();
    const vm = await QuickJS.create({ wasm: module });
    const value = vm.evalCode('1').toNumber();
    ms.push(performance.now() - began);
    vm.dispose();
    check(value, 1);
  }
  return { ms };
}

await serve({ fresh });
