// Promise: a stranger opens the page, runs Python, and it is still there after a restart. In both themes, at a desk and on a phone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./accessibility.mjs";
import { LOOKS, alive, shoot, visit } from "./browser.mjs";
import { cell, cells, editor, outputs, saved, source, thread, tryIt } from "./notebook.mjs";
import { browser, product } from "./stage.mjs";

for (const look of LOOKS) {
  test(`a stranger's first notebook, ${look.name}`, async (t) => {
    const { context, page, complaints } = await visit(browser, product, look);
    t.after(() => context.close());

    await page.goto("/");
    await alive(page);
    await page.locator(".hero-cell .cm-content").waitFor();
    await shoot(page, `landing ${look.name}`, { fullPage: true });
    assert.deepEqual(await violations(page), [], "landing");

    await tryIt(page);
    assert.equal(await cells(page).count(), 3);

    // Two cells by key, each selecting the next; the third is seen while it still prints.
    await editor(page, 1).click();
    await page.keyboard.press("Shift+Enter");
    await thread(page, 1, "finished");
    await outputs(page, 1).locator("table").first().waitFor();
    await page.keyboard.press("Shift+Enter");
    await thread(page, 2, "finished");
    await outputs(page, 2).locator("figure.chart svg").first().waitFor({ state: "attached" });
    await page.keyboard.press("ControlOrMeta+Enter");
    await thread(page, 3, "running");
    const stream = outputs(page, 3).locator(".stream .text");
    await stream.filter({ hasText: /\S/ }).waitFor();
    const early = await stream.textContent();
    assert.equal(await cell(page, 3).getAttribute("data-thread"), "running", "text arrives before the end");
    await shoot(page, `notebook running ${look.name}`);
    await thread(page, 3, "finished");
    const late = await stream.textContent();
    assert.ok(late.startsWith(early) && late.length > early.length, "the text went on after we looked");
    await page.evaluate(() => scrollTo(0, 0));
    await shoot(page, `notebook ${look.name}`, { fullPage: true });
    assert.deepEqual(await violations(page), [], "notebook with outputs");

    // An edit saves by itself, marks the output as older, and survives a reload; so do the outputs, even without scripts.
    await editor(page, 3).click();
    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.insertText("\nkept = 41");
    await thread(page, 3, "stale");
    await saved(page);
    await page.reload();
    await alive(page);
    await editor(page, 3).waitFor();
    assert.match(await source(page, 3), /kept = 41$/);
    await thread(page, 3, "stale");
    assert.equal(await outputs(page, 3).locator(".stream .text").textContent(), late);

    if (product.isOurs) {
      await editor(page, 3).click();
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.insertText("kept = 41");
      await page.keyboard.press("ControlOrMeta+Enter");
      await thread(page, 3, "finished");
      await product.restart();
      await page.reload();
      await alive(page);
      await editor(page, 3).waitFor();
      assert.equal(await source(page, 3), "kept = 41");
      await outputs(page, 1).locator("table").first().waitFor();
      await editor(page, 3).click();
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.insertText("kept + 1");
      await page.keyboard.press("ControlOrMeta+Enter");
      await thread(page, 3, "finished");
      assert.equal((await outputs(page, 3).textContent()).trim(), "42", "the kernel's memory outlived the server");
    } else {
      t.diagnostic("restart skipped: BASE_URL names a server that this test did not start");
    }

    await page.goto("/dashboard");
    await page.getByRole("link", { name: /Scratch notebook/ }).waitFor();
    await alive(page);
    await shoot(page, `dashboard ${look.name}`, { fullPage: true });
    assert.deepEqual(await violations(page), [], "dashboard");

    await page.goto("/nothing-here");
    await shoot(page, `404 ${look.name}`);
    assert.deepEqual(await violations(page), [], "404");
    assert.deepEqual(complaints, []);
  });
}

test("the notebook reads without scripts", async (t) => {
  const visitor = await visit(browser, product);
  t.after(() => visitor.context.close());
  await tryIt(visitor.page);
  await editor(visitor.page, 1).click();
  await visitor.page.keyboard.press("ControlOrMeta+Enter");
  await thread(visitor.page, 1, "finished");
  const rows = await outputs(visitor.page, 1).locator("tbody tr").count();

  const plain = await visit(browser, product, { javaScriptEnabled: false });
  t.after(() => plain.context.close());
  await plain.context.addCookies(await visitor.context.cookies());
  await plain.page.goto(visitor.page.url());
  assert.match(await cell(plain.page, 1).locator(".source").textContent(), /import selvedge/);
  assert.equal(await outputs(plain.page, 1).locator("tbody tr").count(), rows);
});

test("a stranger's notebook is nobody else's: 404, as for one that does not exist", async (t) => {
  const owner = await visit(browser, product);
  const other = await visit(browser, product);
  t.after(() => Promise.all([owner.context.close(), other.context.close()]));
  await tryIt(owner.page);
  await tryIt(other.page);
  const theirs = await other.page.goto(owner.page.url());
  const missing = await other.page.goto("/notebooks/ntb_01890000000070008000000000000000");
  assert.equal(theirs.status(), 404);
  assert.equal(missing.status(), 404);
});

test("the start page's own cell really runs", async (t) => {
  const { context, page, complaints } = await visit(browser, product);
  t.after(() => context.close());
  await page.goto("/");
  await alive(page);
  await page.locator(".trial .cm-content").waitFor();
  await page.locator(".trial").getByRole("button", { name: "Run" }).click();
  await page.locator(".trial .cell[data-thread=finished]").waitFor();
  await page.locator(".trial figure.chart").waitFor();
  await shoot(page, "landing ran");
  assert.deepEqual(await violations(page), []);
  await page.getByRole("link", { name: /Open your notebook/ }).click();
  await page.waitForURL(/\/notebooks\/ntb_/);
  assert.match(await cell(page, 1).locator(".source").textContent(), /Halve it when it is even/);
  await outputs(page, 1).locator("figure.chart").waitFor();
  assert.deepEqual(complaints, []);
});
