// What every file of promises has: the product and a browser, from before its first test until after its last one.
import { after, before } from "node:test";
import { launch, visit } from "./browser.mjs";
import { editor, run, thread, tryIt, write } from "./notebook.mjs";
import { startProduct } from "./product.mjs";

export let product, browser;
before(async () => {
  product = await startProduct();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await product?.close();
});

/** A stranger with a notebook before them. Their browser's profile ends with the test. */
export async function opened(t, look = {}) {
  const visitor = await visit(browser, product, look);
  t.after(() => visitor.context.close());
  await tryIt(visitor.page);
  await editor(visitor.page, 1).waitFor();
  return visitor;
}

/** Types a cell, runs it and waits for its end. */
export async function ran(page, number, source, end = "finished") {
  await write(page, number, source);
  await run(page);
  await thread(page, number, end);
}
