// Promises about the kernel behind the cells: it asks and is answered, goes back and comes again, tells what it knows.
import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./accessibility.mjs";
import { alive, shoot } from "./browser.mjs";
import { cell, editor, outputs, run, thread, write } from "./notebook.mjs";
import { opened, ran } from "./stage.mjs";

const text = async (page, number) => (await outputs(page, number).textContent()).trim();
/** Leaves the text, so that single keys are commands. */
const command = (page) => page.keyboard.press("Escape");

test("a cell that asks for a line gets it, keeps a password to itself, and hears the end of the input", async (t) => {
  const { page, complaints } = await opened(t);
  await write(page, 1, "name = input('Your name? ')\nprint('Hello', name)\nimport getpass\nsecret = getpass.getpass('Secret: ')\nprint(len(secret))");
  await run(page);
  await page.getByLabel("Your name?").waitFor();
  await page.waitForFunction(() => document.activeElement?.closest(".input-line"));
  await page.keyboard.type("Ada");
  await shoot(page, "input line");
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Enter");
  await outputs(page, 1).getByText("Hello Ada").waitFor();
  assert.equal(await page.getByLabel("Secret:").getAttribute("type"), "password");
  await page.getByLabel("Secret:").fill("hidden");
  await page.keyboard.press("Enter");
  await thread(page, 1, "finished");
  assert.equal(await page.locator(".input-line").count(), 0);
  assert.doesNotMatch(await text(page, 1), /hidden/);
  assert.match(await text(page, 1), /6$/);

  await write(page, 2, "input('More? ')");
  await run(page);
  await page.getByLabel("More?").waitFor();
  await page.keyboard.press("Control+d");
  await thread(page, 2, "failed");
  await outputs(page, 2).getByText("EOFError").first().waitFor();
  assert.deepEqual(complaints, []);
});

test("a line that is waited for is still there after a reload, and what was not sent is not lost", async (t) => {
  const { context, page } = await opened(t);
  await write(page, 1, "print(input('Still? '))");
  await run(page);
  await page.getByLabel("Still?").waitFor();
  await page.reload();
  await alive(page);
  await page.getByLabel("Still?").fill("here");
  await context.route("**/input", (route) => route.abort());
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText(/^Not sent\./).waitFor();
  assert.equal(await page.getByLabel("Still?").inputValue(), "here");
  await context.unroute("**/input");
  await page.getByRole("button", { name: "Send" }).click();
  await thread(page, 1, "finished");
});

test("the last cell is undone after a question, marked, and can be taken back", async (t) => {
  const { page, complaints } = await opened(t);
  await ran(page, 1, "x = 1");
  await ran(page, 2, "x = 2");
  await command(page);
  await page.keyboard.press("u");
  const question = page.getByRole("dialog", { name: "Undo cell 2?" });
  await question.waitFor();
  await question.getByText("you can go back to it there").waitFor();
  assert.deepEqual(await violations(page), []);
  await shoot(page, "undo question");
  await page.keyboard.press("Escape");
  await question.waitFor({ state: "hidden" });
  assert.equal(await cell(page, 2).getAttribute("data-thread"), "finished", "nothing happened without a yes");
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await question.getByRole("button", { name: "Undo" }).click();
  await thread(page, 2, "stale");
  await cell(page, 2).getByText("Undone").waitFor();
  await shoot(page, "undone", { fullPage: true });
  await ran(page, 3, "x");
  assert.equal(await text(page, 3), "1");
  assert.deepEqual(complaints, []);
});

test("taking an undo back gives the kernel what it had", async (t) => {
  const { page } = await opened(t);
  await ran(page, 1, "x = 1");
  await ran(page, 2, "x = 2");
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Undo" }).click();
  await thread(page, 2, "stale");
  await page.reload();
  await alive(page);
  await thread(page, 2, "stale");
  await page.getByRole("button", { name: "Timeline" }).click();
  const knots = page.getByRole("complementary", { name: "Timeline" });
  await knots.getByRole("listitem").filter({ hasText: "After cell 2" }).getByRole("button", { name: "Go back to here" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Go back" }).click();
  await thread(page, 2, "finished");
  await ran(page, 3, "x");
  assert.equal(await text(page, 3), "2");
});

for (const look of [{ name: "light" }, { name: "dark phone", colorScheme: "dark", viewport: { width: 360, height: 740 }, hasTouch: true }]) {
  test(`the timeline leads before any cell, and into a notebook of its own: ${look.name}`, async (t) => {
    const { page, complaints } = await opened(t, look);
    await ran(page, 1, "x = 1");
    await ran(page, 2, "x = 2");
    await ran(page, 3, "x = 3");
    await page.getByRole("button", { name: "Timeline" }).click();
    const panel = page.getByRole("complementary", { name: "Timeline" });
    const knot = (name) => panel.getByRole("listitem").filter({ hasText: name });
    await knot("After cell 3").waitFor();
    assert.match(await knot("After cell 3").textContent(), /the kernel now/);
    await shoot(page, `timeline ${look.name}`);
    assert.deepEqual(await violations(page), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await knot("After cell 2").getByRole("button", { name: "Before this cell" }).click();
    await page.getByRole("dialog").getByText("Cells 2 and 3 keep their text").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Go back" }).click();
    await thread(page, 2, "stale");
    await thread(page, 3, "stale");
    assert.equal(await cell(page, 1).getAttribute("data-thread"), "finished");
    const address = page.url();
    await knot("After cell 3").getByRole("button", { name: "Fork" }).click();
    await page.waitForURL((url) => url.href !== address && /\/notebooks\/ntb_/.test(url.pathname));
    await alive(page);
    await ran(page, 3, "x");
    assert.equal(await text(page, 3), "3");
    assert.deepEqual(complaints, []);
  });
}

test("the kernel completes what is typed and explains what stands there", async (t) => {
  const { page, complaints } = await opened(t);
  await ran(page, 1, "def weighted_mean(values, weights):\n    'The mean, by weight.'\n    return 0\nwords = ['a']");
  await write(page, 2, "weighted_m");
  await page.keyboard.press("Tab");
  await page.locator(".cm-tooltip-autocomplete li", { hasText: "weighted_mean" }).first().waitFor();
  await shoot(page, "completion");
  // A list that has only just come takes no key for 75 ms: nobody can have meant it. A Tab in that time asks for the list again.
  while ((await editor(page, 2).textContent()) !== "weighted_mean") {
    await page.waitForTimeout(150);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Shift+Tab");
  await page.locator(".cm-docs", { hasText: "The mean, by weight." }).waitFor();
  await shoot(page, "explanation");
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Escape");
  await page.locator(".cm-docs").waitFor({ state: "detached" });
  // As typed, after a dot.
  await write(page, 2, "words");
  await page.keyboard.type(".app");
  await page.locator(".cm-tooltip-autocomplete li", { hasText: "append" }).first().waitFor();
  assert.deepEqual(complaints, []);
});

for (const look of [{ name: "light" }, { name: "dark phone", colorScheme: "dark", viewport: { width: 360, height: 740 }, hasTouch: true }]) {
  test(`variables are listed, and what the last cell changed is marked: ${look.name}`, async (t) => {
    const { page, complaints } = await opened(t, look);
    await ran(page, 1, "numbers = list(range(1200))\nname = 'Ada'");
    await page.getByRole("button", { name: "Variables" }).click();
    const panel = page.getByRole("complementary", { name: "Variables" });
    const row = (name) => panel.getByRole("row").filter({ hasText: name });
    await row("numbers").getByText("1\u202f200").waitFor();
    assert.equal(await panel.getByText("changed").count(), 0);
    await page.getByRole("button", { name: "Close" }).click();
    await ran(page, 2, "name = 'Grace'\nextra = {'a': 1}");
    await page.getByRole("button", { name: "Variables" }).click();
    await row("name").getByText("changed").waitFor();
    await row("extra").getByText("changed").waitFor();
    assert.equal(await row("numbers").getByText("changed").count(), 0);
    await shoot(page, `variables ${look.name}`);
    assert.deepEqual(await violations(page), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    assert.deepEqual(complaints, []);
  });
}

test("a restart empties the kernel after a question", async (t) => {
  const { page } = await opened(t);
  await ran(page, 1, "x = 1");
  await command(page);
  await page.keyboard.press("0");
  await page.keyboard.press("0");
  const question = page.getByRole("dialog", { name: "Restart the kernel?" });
  await question.getByText("There is no way back").waitFor();
  await question.getByRole("button", { name: "Restart" }).click();
  await thread(page, 1, "stale");
  await ran(page, 2, "x", "failed");
  await outputs(page, 2).getByText("NameError").first().waitFor();
});
