// Between the app's wasm and the editors. Small, because every page loads it; the editor itself comes when a cell is near the screen.

/** @typedef {{ host: HTMLElement, text: string, label: string, readOnly: boolean, kernel: string, tell: (kind: string, text: string) => void, view: object | null, wantsFocus: boolean, failed: { line: number, column: number, end: number }, spot: { line: number, column: number } | null }} Entry */

/** @type {Map<string, Entry>} */
const entries = new Map();
/** @type {WeakMap<Element, string>} */
const ids = new WeakMap();

// Cells within one screen's height get their editor before they are seen.
const near = new IntersectionObserver(
  (seen) => {
    for (const { isIntersecting, target } of seen) {
      const id = ids.get(target);
      if (isIntersecting && id !== undefined) void open(id);
    }
  },
  { rootMargin: "100% 0px" },
);

async function open(id) {
  const entry = entries.get(id);
  if (!entry || entry.view) return;
  near.unobserve(entry.host);
  // When the editor's file does not arrive, a plain text field edits as well.
  const make = await import("./editor.js").then((loaded) => loaded.makeEditor, () => makePlainEditor);
  // The cell may have gone, or been opened by a second call, while the file was under way.
  if (entries.get(id) !== entry || entry.view) return;
  entry.view = make(entry.host, entry);
  entry.host.dataset.live = "yes";
  if (entry.failed.line) entry.view.mark(entry.failed);
  if (entry.spot) entry.view.goTo(entry.spot);
  else if (entry.wantsFocus) entry.view.focus();
}

function makePlainEditor(host, entry) {
  const area = document.createElement("textarea");
  area.className = "plain-editor";
  area.setAttribute("aria-label", entry.label);
  area.spellcheck = false;
  area.readOnly = entry.readOnly;
  area.value = entry.text;
  const fit = () => {
    area.rows = Math.max(1, area.value.split("\n").length);
  };
  fit();
  area.addEventListener("input", () => {
    fit();
    entry.text = area.value;
    entry.tell("changed", area.value);
  });
  area.addEventListener("focus", () => entry.tell("focused", ""));
  area.addEventListener("keydown", (event) => {
    const kind =
      event.key === "Enter"
        ? event.shiftKey ? "run-next" : event.altKey ? "run-insert" : event.ctrlKey || event.metaKey ? "run" : ""
        : event.key === "Escape" ? "command" : "";
    if (kind) {
      event.preventDefault();
      event.stopPropagation();
      entry.tell(kind, "");
    }
  });
  host.append(area);
  return {
    focus: () => area.focus(),
    setText: (text) => {
      area.value = text;
      fit();
    },
    mark: () => {},
    goTo: ({ line, column }) => {
      const before = area.value.split("\n").slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
      area.focus();
      area.setSelectionRange(before + column, before + column);
    },
    destroy: () => area.remove(),
  };
}

// HTML outputs tell how tall they are; those that were there before this script are asked.
const FRAME_HEIGHT_MAX = 2000;
const frames = () => [...document.querySelectorAll("iframe.frame")];
addEventListener("message", ({ source, data }) => {
  const frame = frames().find(({ contentWindow }) => contentWindow === source);
  if (frame && data?.frameHeight > 0) frame.style.height = `${Math.min(Math.ceil(data.frameHeight), FRAME_HEIGHT_MAX)}px`;
});
for (const { contentWindow } of frames()) contentWindow?.postMessage("height", "*");

export function attach(id, text, label, readOnly, kernel, tell) {
  const host = document.querySelector(`[data-editor="${CSS.escape(id)}"]`);
  if (!(host instanceof HTMLElement)) return;
  entries.set(id, { host, text, label, readOnly, kernel, tell, view: null, wantsFocus: false, failed: { line: 0, column: 0, end: 0 }, spot: null });
  ids.set(host, id);
  near.observe(host);
}

export function detach(id) {
  const entry = entries.get(id);
  if (!entry) return;
  near.unobserve(entry.host);
  entry.view?.destroy();
  entries.delete(id);
}

export function focus(id) {
  const entry = entries.get(id);
  if (!entry) return;
  entry.wantsFocus = true;
  if (entry.view) entry.view.focus();
  else void open(id);
}

export function setText(id, text) {
  const entry = entries.get(id);
  if (!entry) return;
  entry.text = text;
  entry.view?.setText(text);
}

export function mark(id, line, column, end) {
  const entry = entries.get(id);
  if (!entry) return;
  entry.failed = { line, column, end };
  entry.view?.mark(entry.failed);
}

export function goTo(id, line, column) {
  const entry = entries.get(id);
  if (!entry) return;
  entry.spot = { line, column };
  if (entry.view) entry.view.goTo(entry.spot);
  else {
    entry.host.scrollIntoView({ block: "nearest" });
    void open(id);
  }
}
