// Loads the browser half of the app and hydrates the islands of this page. `data-app` on <html> says how far it got.
import init, { hydrate } from "./selvedge.js";

const root = document.documentElement;
try {
  await init({ module_or_path: new URL("./selvedge_bg.wasm", import.meta.url) });
  hydrate();
  root.dataset.app = "ready";
} catch (error) {
  root.dataset.app = "failed";
  throw error;
}
