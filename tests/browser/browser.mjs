// Chromium as Debian ships it, driven by playwright-core. Pages that log an error or break the content security policy fail their test.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { root } from "./product.mjs";

const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
export const ARTIFACTS = join(root, "tests/artifacts");
export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

/** Every look that the product promises. */
export const LOOKS = [
  { name: "light desktop", colorScheme: "light", viewport: DESKTOP },
  { name: "dark desktop", colorScheme: "dark", viewport: DESKTOP },
  { name: "light phone", colorScheme: "light", viewport: PHONE, hasTouch: true },
  { name: "dark phone", colorScheme: "dark", viewport: PHONE, hasTouch: true },
];

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGUMENTS });

/**
 * A visitor: a fresh browser profile with one page. `complaints` collects what the browser had to complain about.
 * @param {import("playwright-core").Browser} browser
 */
export async function visit(browser, product, { colorScheme = "light", viewport = DESKTOP, hasTouch = false, javaScriptEnabled = true } = {}) {
  const context = await browser.newContext({ baseURL: product.url, colorScheme, viewport, hasTouch, javaScriptEnabled });
  const complaints = [];
  await context.exposeBinding("brokePolicy", (_, what) => complaints.push(what));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      // Chromium tries to keep the look of text that is typed over by a style attribute. The policy refuses it, and nobody misses it.
      const isTyping = event.effectiveDirective === "style-src-attr" && event.target instanceof Element && event.target.closest(".cm-content");
      if (!isTyping) window.brokePolicy(`${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`);
    });
  });
  const page = await context.newPage();
  watch(page, complaints);
  return { context, page, complaints };
}

/** Also for a second page of the same visitor. */
export function watch(page, complaints) {
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // A lost connection and a refused request are what some tests are about; the page has to cope, the browser still logs them.
    // Breaches of the policy are heard where their place is known.
    const isExpected = /net::ERR_|Failed to load resource|Content Security Policy/.test(message.text());
    if (message.type() === "error" && !isExpected) complaints.push(message.text());
  });
}

/** Waits until the page's islands are alive. */
export const alive = (page) => page.waitForSelector("html[data-app=ready]", { state: "attached" });

export async function shoot(page, name, options = {}) {
  await mkdir(ARTIFACTS, { recursive: true });
  await page.screenshot({ path: join(ARTIFACTS, `${name.replaceAll(" ", "-")}.png`), animations: "disabled", ...options });
}
