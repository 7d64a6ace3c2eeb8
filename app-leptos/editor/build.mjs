// node app-leptos/editor/build.mjs <outdir>: the start script, the bridge, the editor, the one style sheet, the mark, and the licences
// of what is in them.
import { build } from "esbuild";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const out = process.argv[2];
if (!out) {
  console.error("usage: node app-leptos/editor/build.mjs <outdir>");
  process.exit(2);
}
const here = dirname(fileURLToPath(import.meta.url));
await mkdir(out, { recursive: true });

const bundled = await build({
  entryPoints: ["start", "bridge", "editor"].map((name) => join(here, "src", `${name}.js`)),
  outdir: out,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  // Siblings at run time: the wasm glue, and the editor that the bridge loads when it is needed.
  external: ["./selvedge.js", "./editor.js"],
  logLevel: "warning",
  metafile: true,
});

// The order is the cascade: what a file says, later ones may refine.
const styles = join(here, "..", "style");
const order = (await readFile(join(styles, "order.txt"), "utf8")).trim().split("\n");
const present = (await readdir(styles)).filter((name) => name.endsWith(".css")).sort();
if ([...order].sort().join() !== present.join()) {
  throw new Error(`style/order.txt names ${order.join(" ")}, the folder holds ${present.join(" ")}`);
}
const sheets = await Promise.all(order.map((name) => readFile(join(styles, name), "utf8")));
await build({
  stdin: { contents: sheets.join("\n"), loader: "css" },
  outfile: join(out, "selvedge.css"),
  target: ["chrome111", "firefox113", "safari16.4"],
  minify: true,
  logLevel: "warning",
});
await copyFile(join(styles, "mark.svg"), join(out, "mark.svg"));

// Whose work is in the bundle, and on what terms.
const packages = new Set(Object.keys(bundled.metafile.inputs).flatMap((path) => path.match(/.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []));
const licences = [`Lucide (icons)\n\n${await readFile(join(styles, "lucide.txt"), "utf8")}`];
for (const folder of [...packages].sort()) {
  const { name, version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  licences.push(`${name} ${version}\n\n${await readFile(join(folder, "LICENSE"), "utf8")}`);
}
await writeFile(join(out, "licences.txt"), licences.join(`\n${"-".repeat(80)}\n\n`));
