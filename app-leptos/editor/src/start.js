// What every page runs: the light and dark switch, and where a page has islands, the app that hydrates them. `data-app` on <html> says how
// far that got.
const root = document.documentElement;

// The choice lives in a cookie, so that the server sends the next page right at once: no flash, no inline script.
document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element) || !event.target.closest("[data-theme-switch]")) return;
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  document.cookie = `theme=${root.dataset.theme}; Path=/; Max-Age=31536000; SameSite=Lax`;
});

if (document.querySelector("[data-island]")) {
  try {
    const { default: init, hydrate } = await import("./selvedge.js");
    await init({ module_or_path: new URL("./selvedge_bg.wasm", import.meta.url) });
    hydrate();
    root.dataset.app = "ready";
  } catch (error) {
    root.dataset.app = "failed";
    throw error;
  }
} else {
  root.dataset.app = "ready";
}
