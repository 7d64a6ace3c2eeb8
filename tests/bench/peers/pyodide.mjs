// Pyodide: CPython compiled with Emscripten, in Node. A fresh one each time, from its memory snapshot; programs run in one that stays.
import { readFile } from 'node:fs/promises';
import { loadPyodide } from 'pyodide';
import { check, serve } from './serve.mjs';

const quiet = { stdout: () => {}, stderr: () => {} };
const snapshot = (await loadPyodide({ ...quiet, _makeSnapshot: true })).makeMemorySnapshot();
let resident;

async function fresh({ n }) {
  const ms = [];
  for (let i = 0; i < n; i += 1) {
    let output = '';
    const began = performance.now();
    const python = await loadPyodide({ _loadSnapshot: snapshot, stdout: (text) => { output += text; } });
    python.runPython('print(1)');
    ms.push(performance.now() - began);
    check(output, '1');
  }
  return { ms };
}

async function program({ path }) {
  resident ??= await loadPyodide(quiet);
  const scope = resident.toPy({ __name__: '__main__', source: await readFile(path, 'utf8'), path });
  resident.runPython('code = compile(source, path, "exec")', { globals: scope });
  const taken = resident.runPython(
    'import time\nbegan = time.perf_counter_ns()\nexec(code, globals())\n(time.perf_counter_ns() - began) / 1e6',
    { globals: scope },
  );
  const checksum = resident.runPython('str(checksum)', { globals: scope });
  scope.destroy();
  return { ms: [taken], checksum };
}

await serve({ fresh, program });
