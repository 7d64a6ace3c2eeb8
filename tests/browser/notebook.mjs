// A notebook as a person sees it.
import { alive } from "./browser.mjs";

/** A stranger presses "Try it" and gets a notebook. */
export async function tryIt(page) {
  await page.goto("/");
  await page.getByRole("button", { name: "Try it, no account" }).click();
  await page.waitForURL(/\/notebooks\/ntb_/);
  await alive(page);
}

export const cells = (page) => page.locator("section.cell");
export const cell = (page, number) => cells(page).nth(number - 1);
export const editor = (page, number) => cell(page, number).locator(".cm-content");
export const outputs = (page, number) => cell(page, number).locator(".outputs");

/** Replaces a cell's source by typing. */
export async function write(page, number, source) {
  await editor(page, number).click();
  await page.keyboard.press("ControlOrMeta+a");
  // Not `type`: the editor indents and closes brackets by itself, as it should.
  await page.keyboard.insertText(source);
}

/** Runs a cell by key, where the caret is. */
export const run = (page) => page.keyboard.press("ControlOrMeta+Enter");

/** Waits for the thread of a cell: `finished`, `failed`, `running`, `queued`, `stale`. */
export const thread = (page, number, state) => page.locator(`section.cell >> nth=${number - 1}`).and(page.locator(`[data-thread=${state}]`)).waitFor();

/** Waits until everything typed is saved. */
export const saved = (page) => page.locator(".saved", { hasText: /^Saved$/ }).waitFor({ state: "attached" });

/** The source as the editor holds it. */
export const source = (page, number) =>
  cell(page, number)
    .locator(".cm-content")
    .evaluate((content) => [...content.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n"));
