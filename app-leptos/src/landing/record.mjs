// node app-leptos/src/landing/record.mjs URL: runs trial.py on a running Selvedge and writes trial.json, which the landing page shows first.
import { readFile, writeFile } from "node:fs/promises";

const origin = process.argv[2];
if (!origin) {
  console.error("usage: node app-leptos/src/landing/record.mjs http://127.0.0.1:3000");
  process.exit(2);
}
const here = new URL("./", import.meta.url);
const source = (await readFile(new URL("trial.py", here), "utf8")).trimEnd();

async function ask(method, path, { token, body } = {}) {
  const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(origin + path, { method, headers, body: body && JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return await response.json();
}

const { token, notebook } = await ask("POST", "/api/v1/scratch");
const cell = await ask("POST", `/api/v1/notebooks/${notebook}/cells`, { token, body: { code: source, after: null } });
const { id } = await ask("POST", `/api/v1/notebooks/${notebook}/cells/${cell.id}/run`, { token });
// The stream ends when the run has ended.
await (await fetch(`${origin}/api/v1/runs/${id}/events`, { headers: { authorization: `Bearer ${token}` } })).text();
const run = await ask("GET", `/api/v1/runs/${id}`, { token });
if (run.status !== "succeeded") throw new Error(`the run ended ${run.status}`);

// What names things of that installation means nothing here.
const recorded = { source, ...run, id: "recorded", project: "", notebook: null, cell: null, stdout: "", stderr: "" };
await writeFile(new URL("trial.json", here), `${JSON.stringify(recorded)}\n`);
