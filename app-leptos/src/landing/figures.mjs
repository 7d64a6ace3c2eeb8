// node app-leptos/src/landing/figures.mjs FIGURES.jsonl WHERE: writes figures.json for the landing page from what
// `cargo xtask bench --json FIGURES.jsonl` measured. WHERE says on what machine, in a few words.
import { readFile, writeFile } from "node:fs/promises";

const [path, where] = process.argv.slice(2);
if (!path || !where) {
  console.error("usage: node app-leptos/src/landing/figures.mjs FIGURES.jsonl 'two shared cores'");
  process.exit(2);
}
const lines = (await readFile(path, "utf8")).trim().split("\n").map((line) => JSON.parse(line));
const newest = (metric) => {
  const found = lines.findLast((line) => line.contestant === "selvedge" && line.metric === metric);
  if (!found) throw new Error(`${path} holds no figure "${metric}"`);
  return found;
};
/** Three digits at most: what follows is noise. */
const short = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

const start = newest("fresh print(1) p50");
const kept = newest("small: stored");
const woken = newest("small: wake p50");
const figures = [
  { name: "Start", value: short(start.value), unit: "ms", text: `A fresh, isolated Python instance: start, compile and run print(1), read its output. Median of ${start.n.toLocaleString("en")}.` },
  { name: "Checkpoint", value: short(kept.value), unit: "KiB", text: "A kernel's memory after x = 41 as it is stored: only the pages that changed, compressed. Taken after every cell." },
  { name: "Wake", value: short(woken.value), unit: "ms", text: `That memory in a fresh instance, variables and half-used generators as they were. Median of ${woken.n.toLocaleString("en")}.` },
];
const text = JSON.stringify({ where: `${where}, ${new Date().toISOString().slice(0, 10)}, by cargo xtask bench`, figures }, null, 2);
await writeFile(new URL("figures.json", import.meta.url), `${text}\n`);
