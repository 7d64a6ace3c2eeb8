// axe-core in the page, with every WCAG 2.2 A and AA rule.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What axe finds wrong, each as one readable line. */
export async function violations(page) {
  // Colours are judged at rest, not half-way through a fade.
  await page.emulateMedia({ reducedMotion: "reduce" });
  // Through the debugger, not as a script of the page: the page's policy would refuse that, as it should.
  await page.evaluate(axe);
  const found = await page.evaluate(async (tags) => (await window.axe.run(document, { runOnly: { type: "tag", values: tags } })).violations, TAGS);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  return found.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary?.replaceAll("\n", " ")}`));
}
