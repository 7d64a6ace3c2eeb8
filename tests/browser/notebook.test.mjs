// Promises of the notebook page: keys, outputs, failures, lost connections, two tabs. Nothing typed is ever lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./accessibility.mjs";
import { alive, shoot, visit, watch } from "./browser.mjs";
import { cell, cells, editor, outputs, run, saved, source, thread, tryIt, write } from "./notebook.mjs";
import { browser, opened, product } from "./stage.mjs";

test("the Jupyter keys arrange cells", async (t) => {
  const { page, complaints } = await opened(t);
  await editor(page, 1).click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("b");
  await page.waitForFunction(() => document.querySelectorAll("section.cell").length === 4);
  await page.waitForFunction(() => document.activeElement === document.querySelectorAll("section.cell")[1]);
  await page.keyboard.press("a");
  await page.waitForFunction(() => document.querySelectorAll("section.cell").length === 5);
  await page.waitForFunction(() => document.activeElement === document.querySelectorAll("section.cell")[1]);
  await page.keyboard.press("d");
  await page.keyboard.press("d");
  await page.waitForFunction(() => document.querySelectorAll("section.cell").length === 4);
  await page.keyboard.press("z");
  await page.waitForFunction(() => document.querySelectorAll("section.cell").length === 5);
  await page.keyboard.press("k");
  await page.waitForFunction(() => document.activeElement === document.querySelectorAll("section.cell")[0]);
  await page.keyboard.press("j");
  await page.keyboard.press("ArrowUp");
  await page.waitForFunction(() => document.activeElement === document.querySelectorAll("section.cell")[0]);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement === document.querySelector("section.cell .cm-content"));
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  assert.deepEqual(await violations(page), []);
  await shoot(page, "notebook keys");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
});

test("the keyboard is never trapped in the text", async (t) => {
  const { page } = await opened(t);
  await editor(page, 1).click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement?.closest("section.cell") && document.activeElement.tagName === "BUTTON"));
});

test("Alt+Enter runs and adds a cell below; the next cell knows what the last one made", async (t) => {
  const { page } = await opened(t);
  await write(page, 1, "x = 41");
  await page.keyboard.press("Alt+Enter");
  await thread(page, 1, "finished");
  await page.waitForFunction(() => document.querySelectorAll("section.cell").length === 4);
  await write(page, 2, "x + 1");
  await run(page);
  await thread(page, 2, "finished");
  assert.equal((await outputs(page, 2).textContent()).trim(), "42");
});

test("an exception names its line and marks it; a syntax error too", async (t) => {
  const { page } = await opened(t);
  await write(page, 1, "a = 1\nraise ValueError('no <b>bold</b>')\nb = 2");
  await run(page);
  await thread(page, 1, "failed");
  await outputs(page, 1).getByText("ValueError").first().waitFor();
  assert.match(await outputs(page, 1).locator(".traceback").textContent(), /line 2/);
  assert.equal(await outputs(page, 1).locator("b").count(), 0, "markup in a message stays text");
  assert.equal(await cell(page, 1).locator(".cm-failed-line").textContent(), "raise ValueError('no <b>bold</b>')");
  await shoot(page, "notebook error");
  assert.deepEqual(await violations(page), []);
  await write(page, 2, "def f(:\n    pass");
  await run(page);
  await thread(page, 2, "failed");
  await outputs(page, 2).getByText("SyntaxError").first().waitFor();
});

test("what a guest shows stays inside its place", async (t) => {
  const { page, complaints } = await opened(t);
  await write(
    page,
    1,
    [
      "print('\\x1b[31mred\\x1b[0m <script>alert(1)</script>')",
      "display({'text/html': '<p id=inside>hello</p><script>parent.document.title = \"taken\"</script>'}, raw=True)",
      "display({'image/svg+xml': '<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\"><rect width=\"40\" height=\"20\" fill=\"teal\"/></svg>'}, raw=True)",
      "display({'text/markdown': '**bold** <img src=x onerror=alert(1)> [x](javascript:alert(1))'}, raw=True)",
    ].join("\n"),
  );
  await run(page);
  await thread(page, 1, "finished");
  const place = outputs(page, 1);
  assert.equal(await place.locator(".ansi-1").textContent(), "red");
  assert.equal(await place.locator("script").count(), 0);
  await place.frameLocator("iframe").locator("#inside").waitFor();
  assert.equal(await place.locator("iframe").getAttribute("sandbox"), "allow-scripts", "no origin of ours");
  assert.equal(await place.locator("img").evaluate((image) => image.naturalWidth), 40);
  assert.equal(await place.locator(".markdown strong").textContent(), "bold");
  assert.equal(await place.locator(".markdown img").count(), 0);
  assert.equal(await place.locator("a[href^=javascript]").count(), 0);
  assert.notEqual(await page.title(), "taken");
  // The browser reports that it refused the script in the frame: that is the policy at work.
  assert.deepEqual(complaints.filter((line) => !/sandbox/.test(line)), []);
});

test("a table sorts by any column", async (t) => {
  const { page } = await opened(t);
  await write(page, 1, "import selvedge\nselvedge.table([{'n': n, 'word': w} for n, w in [(10, 'b'), (9, 'c'), (100, 'a')]])");
  await run(page);
  await thread(page, 1, "finished");
  const column = (at) => outputs(page, 1).locator(`tbody td:nth-child(${at})`).allTextContents();
  await outputs(page, 1).getByRole("button", { name: "n", exact: true }).click();
  assert.deepEqual(await column(1), ["9", "10", "100"]);
  await outputs(page, 1).getByRole("button", { name: "word" }).click();
  assert.deepEqual(await column(2), ["a", "b", "c"]);
});

test("long output is folded, and told when it was cut", async (t) => {
  const { page } = await opened(t);
  await write(page, 1, "for n in range(1000): print('line', n)");
  await run(page);
  await thread(page, 1, "finished");
  const text = outputs(page, 1).locator(".stream .text");
  await text.filter({ hasText: "line 999" }).waitFor();
  assert.doesNotMatch(await text.textContent(), /line 0\n/);
  await outputs(page, 1).getByRole("button", { name: "Show 800 earlier lines" }).click();
  assert.match(await text.textContent(), /^line 0\n/);
  await write(page, 1, "for n in range(60): print('x' * 50_000)");
  await run(page);
  await thread(page, 1, "finished");
  await outputs(page, 1).getByText("Output past the limit was dropped").waitFor();
});

test("a running cell can be stopped, another one waits its turn, and variables stay", async (t) => {
  const { page } = await opened(t);
  await write(page, 1, "kept = 7");
  await run(page);
  await thread(page, 1, "finished");
  await write(page, 2, "print('begun')\nwhile True: pass");
  await run(page);
  await outputs(page, 2).getByText("begun").waitFor();
  await write(page, 3, "kept");
  await run(page);
  await thread(page, 3, "queued");
  await cell(page, 2).getByRole("button", { name: "Stop cell 2" }).click();
  await thread(page, 2, "failed");
  await cell(page, 2).getByText("Stopped").waitFor();
  await thread(page, 3, "finished");
  assert.equal((await outputs(page, 3).textContent()).trim(), "7");
});

test("a run goes on without its page, and is found on return", async (t) => {
  const { context, page } = await opened(t);
  await write(page, 1, "import time\nfor n in range(12):\n    print('step', n)\n    time.sleep(0.25)");
  await run(page);
  await outputs(page, 1).getByText("step 1").waitFor();
  const address = page.url();
  await page.close();
  const again = await context.newPage();
  await again.goto(address);
  await alive(again);
  await thread(again, 1, "finished");
  assert.match(await outputs(again, 1).locator(".stream .text").textContent(), /^step 0\n[^]*step 11\n$/);
});

test("run all stops at the first cell that fails", async (t) => {
  const { page } = await opened(t);
  await write(page, 1, "one = 1");
  await write(page, 2, "one / 0");
  await write(page, 3, "print('never')");
  await page.getByRole("button", { name: "Run all" }).click();
  await thread(page, 1, "finished");
  await thread(page, 2, "failed");
  await page.getByRole("button", { name: "Run all" }).waitFor();
  assert.equal(await cell(page, 3).getAttribute("data-thread"), "none");
});

test("typed text outlives a lost connection and a closed tab", async (t) => {
  const { context, page } = await opened(t);
  await context.setOffline(true);
  await write(page, 1, "typed = 'while away'");
  await page.getByText("Connection lost. Your text is kept here; reconnecting.").waitFor();
  await shoot(page, "notebook offline");
  const address = page.url();
  await page.close();
  await context.setOffline(false);
  const again = await context.newPage();
  await again.goto(address);
  await alive(again);
  await again.waitForFunction(() => document.querySelector("section.cell .cm-content")?.textContent === "typed = 'while away'");
  await saved(again);
  await again.reload();
  await alive(again);
  await editor(again, 1).waitFor();
  assert.equal(await source(again, 1), "typed = 'while away'");
});

test("the page reconnects by itself and saves what waited", async (t) => {
  const { context, page } = await opened(t);
  await context.setOffline(true);
  await write(page, 1, "waited = True");
  await page.getByText("Connection lost.").waitFor();
  await context.setOffline(false);
  await page.getByText("Connection lost.").waitFor({ state: "detached" });
  await saved(page);
});

test("two tabs: an edit in one reaches the other, and two edits are put before the person", async (t) => {
  const { context, page, complaints } = await opened(t);
  const second = await context.newPage();
  watch(second, complaints);
  await second.goto(page.url());
  await alive(second);
  await editor(second, 1).waitFor();
  await write(page, 1, "first = 'tab'");
  await saved(page);
  await second.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await second.waitForFunction(() => document.querySelector("section.cell .cm-content")?.textContent === "first = 'tab'");

  await write(page, 1, "mine = 1");
  await saved(page);
  await write(second, 1, "theirs = 2");
  await second.getByText("This cell was changed elsewhere while you typed.").waitFor();
  assert.equal(await source(second, 1), "theirs = 2");
  assert.equal(await second.getByRole("group", { name: "The other version" }).textContent(), "mine = 1");
  assert.deepEqual(await violations(second), []);
  await shoot(second, "notebook two versions");
  await second.getByRole("button", { name: "Keep mine" }).click();
  await saved(second);
  await page.reload();
  await alive(page);
  await editor(page, 1).waitFor();
  assert.equal(await source(page, 1), "theirs = 2");
  assert.deepEqual(complaints, []);
});

test("the chosen theme holds over pages, from the first byte", async (t) => {
  const { page } = await opened(t);
  await page.getByRole("button", { name: "Switch between light and dark" }).click();
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  const response = await page.goto("/");
  assert.match(await response.text(), /<html[^>]* data-theme="dark"/);
});

test("nothing on a phone is wider than the phone, and the toolbar covers no cell with the focus", async (t) => {
  const { context, page } = await visit(browser, product, { viewport: { width: 320, height: 640 } });
  t.after(() => context.close());
  for (const path of ["/", "/dashboard", "/docs", "/nothing"]) {
    await page.goto(path);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), path);
  }
  await tryIt(page);
  await editor(page, 1).waitFor();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "notebook");
  assert.equal(await cells(page).count(), 3);
  for (const number of [3, 2, 1]) {
    await cell(page, number).focus();
    const [seen, wanted] = await page.evaluate(() => {
      const { top, bottom, height } = document.activeElement.getBoundingClientRect();
      const bar = document.querySelector(".toolbar").getBoundingClientRect().bottom;
      return [Math.min(bottom, innerHeight) - Math.max(top, bar), Math.min(height, innerHeight - bar) / 2];
    });
    assert.ok(seen >= wanted, `of cell ${number} ${seen} px are seen, ${wanted} wanted`);
  }
});

test("the server restarts under an open page: text is kept, the run is accounted for, the page goes on", async (t) => {
  if (!product.isOurs) {
    t.skip("BASE_URL names a server that this test did not start");
    return;
  }
  const { page } = await opened(t);
  await write(page, 1, "import time\nprint('begun')\nwhile True: time.sleep(0.1)");
  await run(page);
  await outputs(page, 1).getByText("begun").waitFor();
  await product.stop();
  try {
    await write(page, 2, "meanwhile = 1");
    await page.getByText("Connection lost.").waitFor();
  } finally {
    await product.start();
  }
  await page.getByText("Connection lost.").waitFor({ state: "detached" });
  await saved(page);
  await thread(page, 1, "failed");
  assert.match(await cell(page, 1).locator(".figure-state").textContent(), /Lost, not billed|Stopped/);
  await editor(page, 2).click();
  await run(page);
  await thread(page, 2, "finished");
});

test("without the app's program the page says so and still reads", async (t) => {
  const { context, page } = await opened(t);
  await context.route("**/selvedge_bg.wasm", (route) => route.abort());
  await page.reload();
  await page.getByText("The page's program could not be loaded.").waitFor();
  assert.match(await cell(page, 1).locator(".source").textContent(), /import selvedge/);
});

test("without the editor's file, plain text fields edit and run", async (t) => {
  const { context, page } = await opened(t);
  await context.route("**/editor.js", (route) => route.abort());
  await page.reload();
  await alive(page);
  const field = cell(page, 1).locator("textarea");
  await field.fill("6 * 7");
  await field.press("ControlOrMeta+Enter");
  await thread(page, 1, "finished");
  assert.equal((await outputs(page, 1).textContent()).trim(), "42");
  assert.deepEqual(await violations(page), []);
});
