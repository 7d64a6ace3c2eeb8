// Promises about every page's headers and the administrator's way in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./accessibility.mjs";
import { alive, shoot, visit } from "./browser.mjs";
import { browser, product } from "./stage.mjs";

test("no page allows inline script, eval or foreign content", async () => {
  for (const path of ["/", "/dashboard", "/docs", "/nothing", "/sign-in/link/x", "/notebooks/nothing"]) {
    const response = await fetch(product.url + path, { headers: { accept: "text/html" } });
    const policy = response.headers.get("content-security-policy");
    assert.match(policy, /default-src 'self'/, path);
    assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|\*/, path);
    assert.match(policy, /frame-ancestors 'none'/, path);
    assert.equal(response.headers.get("x-content-type-options"), "nosniff", path);
    const html = await response.text();
    assert.doesNotMatch(html, /\sstyle=|\son[a-z]+=/, `${path} has no inline style and no inline handler`);
    for (const [, attributes] of html.matchAll(/<script([^>]*)>/g)) {
      assert.match(attributes, /src="\/pkg\/|type="application\/json"/, `${path} has no inline script`);
    }
  }
});

test("the frame around HTML of others has no origin, runs our script alone and fetches nothing", async () => {
  const response = await fetch(`${product.url}/frame`, { headers: { accept: "text/html" } });
  const policy = response.headers.get("content-security-policy");
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /sandbox allow-scripts$/);
  assert.match(policy, /script-src 'nonce-[^']+';/);
  assert.match(policy, /frame-ancestors 'self'/);
  assert.doesNotMatch(policy, /connect-src|allow-same-origin|https?:|\*/);
});

test("every answer has a nonce of its own", async () => {
  const nonce = async () => (await (await fetch(product.url)).text()).match(/nonce="([^"]+)"/)[1];
  assert.notEqual(await nonce(), await nonce());
});

test("a form from elsewhere makes nothing", async () => {
  const response = await fetch(`${product.url}/try`, { method: "POST", headers: { origin: "https://evil.example", "sec-fetch-site": "cross-site" }, redirect: "manual" });
  assert.equal(response.status, 403);
  assert.equal(response.headers.get("set-cookie"), null);
});

test("the administrator signs in by the printed link, once", async (t) => {
  if (!product.link) {
    t.skip("this server's sign-in link is not known to the test");
    return;
  }
  const { context, page } = await visit(browser, product);
  t.after(() => context.close());
  await page.goto(product.link);
  assert.deepEqual(await violations(page), []);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  await page.goto("/dashboard");
  await alive(page);
  await page.getByText(/^Signed in as/).waitFor();
  await shoot(page, "dashboard administrator");
  assert.deepEqual(await violations(page), []);
  await page.getByRole("button", { name: "New notebook" }).click();
  await page.waitForURL(/\/notebooks\/ntb_/);
  await alive(page);

  await page.goto("/dashboard");
  await alive(page);
  await page.getByText("API keys").first().click();
  await page.getByLabel("Name of a new key").first().fill("from the test");
  await page.getByRole("button", { name: "Make a key" }).first().click();
  const secret = await page.locator(".secret").textContent();
  const me = await fetch(`${product.url}/api/v1/me`, { headers: { authorization: `Bearer ${secret}` } });
  assert.equal(me.status, 200);
  await page.getByRole("button", { name: "Revoke" }).first().click();
  await page.getByText(/^revoked/).waitFor();
  const gone = await fetch(`${product.url}/api/v1/me`, { headers: { authorization: `Bearer ${secret}` } });
  assert.equal(gone.status, 401);

  const second = await visit(browser, product);
  t.after(() => second.context.close());
  await second.page.goto(product.link);
  await second.page.getByRole("button", { name: "Sign in" }).click();
  await second.page.getByRole("heading", { level: 1 }).waitFor();
  assert.equal((await second.context.cookies()).filter((cookie) => cookie.name.includes("access")).length, 0, "a used link signs nobody in");
});
