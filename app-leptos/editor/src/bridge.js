// Between the app's wasm and the editors. Small, because every page loads it; the editor itself comes when a cell is near the screen.

/** @typedef {{ host: HTMLElement, text: string, label: string, readOnly: boolean, tell: (kind: string, text: string) => void, view: object | null, wantsFocus: boolean, line: number }} Entry */

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
  if (entry.line) entry.view.markLine(entry.line);
  if (entry.wantsFocus) entry.view.focus();
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
    markLine: () => {},
    destroy: () => area.remove(),
  };
}

export function attach(id, text, label, readOnly, tell) {
  const host = document.querySelector(`[data-editor="${CSS.escape(id)}"]`);
  if (!(host instanceof HTMLElement)) return;
  entries.set(id, { host, text, label, readOnly, tell, view: null, wantsFocus: false, line: 0 });
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

export function markLine(id, line) {
  const entry = entries.get(id);
  if (!entry) return;
  entry.line = line;
  entry.view?.markLine(line);
}
