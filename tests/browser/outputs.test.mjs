// Promises about what cells show: in its place, told richly, whole on request, and never out of its box.
import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./accessibility.mjs";
import { alive, LOOKS, shoot } from "./browser.mjs";
import { cell, outputs } from "./notebook.mjs";
import { opened, ran } from "./stage.mjs";

test("what has a name is replaced where it stands, also from another cell and after a reload", async (t) => {
  const { page } = await opened(t);
  await ran(page, 1, "h = display('first', display_id=True)\nprint('after')\nh.update('second')");
  const texts = (number) => outputs(page, number).locator(".text").allTextContents();
  assert.deepEqual(await texts(1), ["'second'", "after\n"]);
  await ran(page, 2, "h.update('third')");
  assert.deepEqual(await texts(1), ["'third'", "after\n"]);
  assert.deepEqual(await texts(2), []);
  await ran(page, 3, "from selvedge import clear_output\nfor n in range(3):\n    clear_output(wait=True)\n    print('round', n)");
  assert.deepEqual(await texts(3), ["round 2\n"]);
  await page.reload();
  await alive(page);
  assert.deepEqual(await texts(3), ["round 2\n"]);
});

for (const look of LOOKS) {
  test(`a failure marks its place, says what may have been meant, and leads there: ${look.name}`, async (t) => {
    const { page, complaints } = await opened(t, look);
    await ran(page, 1, "total = 3\ndef share(n):\n    return totl / n\n\nshare(2)", "failed");
    const place = outputs(page, 1);
    assert.equal(await cell(page, 1).locator(".cm-failed-line").textContent(), "    return totl / n");
    assert.equal(await cell(page, 1).locator(".cm-failed-span").textContent(), "totl");
    assert.match(await place.locator(".failure-hint").textContent(), /total/);
    assert.equal(await place.locator(".failure-details > .frame-place .failed-span").textContent(), "totl");
    await shoot(page, `failure ${look.name}`, { fullPage: true });
    await place.getByText("1 call before").click();
    await place.getByRole("button", { name: "cell 1, line 5" }).click();
    await page.waitForFunction(() => document.querySelector(".cm-content").contains(getSelection().anchorNode));
    assert.equal(await page.evaluate(() => getSelection().anchorNode.parentElement.closest(".cm-line").textContent), "share(2)");
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(complaints, []);
  });
}

test("a failure in another cell's function leads to that cell; what it came from can be unfolded", async (t) => {
  const { page } = await opened(t);
  await ran(page, 1, "def broken():\n    return {}['key']");
  await ran(page, 2, "try:\n    broken()\nexcept KeyError as error:\n    raise ValueError('no luck') from error", "failed");
  assert.equal(await cell(page, 2).locator(".cm-failed-line").textContent(), "    raise ValueError('no luck') from error");
  await outputs(page, 2).getByText("Caused by").click();
  await outputs(page, 2).getByRole("button", { name: "cell 1, line 2" }).click();
  await page.waitForFunction(() => document.querySelectorAll(".cm-content")[0].contains(document.activeElement));
});

test("a large table is leafed, sorted and filtered as a whole, by its kernel", async (t) => {
  const { page } = await opened(t);
  await ran(page, 1, "import selvedge\nselvedge.table([{'n': n, 'word': f'w{n % 7}'} for n in range(5000)])");
  const place = outputs(page, 1);
  const first = () => place.locator("tbody tr:first-child td").allTextContents();
  await place.getByText("1 to 100 of 5\u202f000 rows").waitFor();
  await place.getByRole("button", { name: "n", exact: true }).click();
  await place.getByRole("button", { name: "n", exact: true }).click();
  await place.locator("tbody tr:first-child td:first-child", { hasText: /^4999$/ }).waitFor();
  await place.getByRole("button", { name: "Next" }).click();
  await place.getByText("101 to 200 of 5\u202f000 rows").waitFor();
  assert.deepEqual((await first())[0], "4899");
  await place.getByRole("searchbox", { name: "Filter rows" }).fill("w3");
  await place.getByText("1 to 100 of 714 that fit, of 5\u202f000 rows").waitFor();
  assert.equal((await first())[1], "w3");
  await shoot(page, "table large", { fullPage: true });
  assert.deepEqual(await violations(page), []);
});

test("HTML is shown as tall as it is, apart from everything else", async (t) => {
  const { page, complaints } = await opened(t);
  const html = "<h2>Report</h2><table style='color:teal'><tr><th>a</th><td>1</td></tr></table><script>document.title='ran'</script><img src=x onerror=\\\"document.title='ran'\\\"><p style='height:600px'>tall</p>";
  await ran(page, 1, `display({'text/html': "${html}"}, raw=True)`);
  const frame = outputs(page, 1).locator("iframe");
  await page.waitForFunction(() => document.querySelector("iframe.frame").clientHeight > 600);
  const inside = await (await frame.elementHandle()).contentFrame();
  assert.equal(await inside.locator("table").evaluate((table) => getComputedStyle(table).color), "rgb(0, 128, 128)");
  assert.equal(await inside.title(), "HTML output", "neither script ran");
  const reached = await inside.evaluate(async () => [
    (() => { try { return parent.document.title; } catch { return "nothing"; } })(),
    (() => { try { return document.cookie; } catch { return "nothing"; } })(),
    await fetch("/api/v1/me").then(() => "answer", () => "nothing"),
  ]);
  assert.deepEqual(reached, ["nothing", "nothing", "nothing"]);
  await shoot(page, "html output", { fullPage: true });
  assert.deepEqual(complaints.filter((line) => !/connect-src|script-src|img-src/.test(line)), []);
});

test("long values are folded and can be seen whole; what cannot be shown is named", async (t) => {
  const { page } = await opened(t);
  await ran(page, 1, "display({'application/json': {'list': list(range(200))}}, raw=True)\ndisplay({'application/pdf': 'JVBERi0='}, raw=True)");
  const place = outputs(page, 1);
  const fold = place.getByRole("button", { name: /^Show all \d+ lines$/ });
  await fold.click();
  assert.match(await place.locator(".text").first().textContent(), /199/);
  await place.getByRole("button", { name: "Show less" }).click();
  assert.doesNotMatch(await place.locator(".text").first().textContent(), /199/);
  await place.getByText("This page cannot show application/pdf.").waitFor();
});
