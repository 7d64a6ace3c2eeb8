// What the kernel knows of the text: what can stand at the caret, and what stands there. Positions on the wire count characters, the editor's
// count UTF-16 units.
import { localCompletionSource } from "@codemirror/lang-python";
import { StateEffect, StateField } from "@codemirror/state";
import { keymap, showTooltip } from "@codemirror/view";

const characters = (text) => [...text].length;
/** How many UTF-16 units the first `count` characters take. */
export const units = (text, count) => [...text].slice(0, count).join("").length;

/** What the kernel's kinds of names are called by the editor. */
const KINDS = { function: "function", class: "class", module: "namespace", keyword: "keyword", instance: "variable", param: "property", path: "text", statement: "variable" };

async function ask(url, question, signal) {
  const response = await fetch(url, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify(question),
    signal,
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer?.error?.message ?? `The server answered ${response.status}.`);
  return answer;
}

/** As typed after a word's second letter or a dot, and on Tab. Without an answer, the names in this text are offered. */
export const completions = (kernel) => async (context) => {
  const word = context.matchBefore(/[\w]+/);
  const dot = context.matchBefore(/\.\w*/);
  if (!context.explicit && !dot && (!word || word.to - word.from < 2)) return null;
  const text = context.state.doc.toString();
  const stop = new AbortController();
  context.addEventListener("abort", () => stop.abort(), { onDocChange: true });
  try {
    const found = await ask(`${kernel}/complete`, { code: text, cursor: characters(text.slice(0, context.pos)) }, stop.signal);
    if (context.aborted || !found.matches?.length) return null;
    const about = found.metadata?._jupyter_types_experimental ?? [];
    return {
      from: units(text, found.cursor_start),
      options: found.matches.map((label, at) => ({ label, type: KINDS[about[at]?.type] ?? "variable", detail: about[at]?.signature })),
      validFor: /^\w*$/,
    };
  } catch {
    return context.aborted ? null : localCompletionSource(context);
  }
};

const setDocs = StateEffect.define();
const docs = StateField.define({
  create: () => null,
  update(shown, change) {
    for (const effect of change.effects) if (effect.is(setDocs)) return effect.value;
    return change.docChanged || change.selection ? null : shown;
  },
  provide: (field) => showTooltip.from(field),
});

function tooltip(pos, text) {
  return {
    pos,
    above: true,
    create: () => {
      const dom = document.createElement("pre");
      dom.className = "cm-docs";
      dom.tabIndex = 0;
      dom.setAttribute("role", "tooltip");
      dom.textContent = text;
      return { dom };
    },
  };
}

/** Shift-Tab beside a word: what the kernel knows of it. Escape, or the next key, takes it away. */
export function explanations(kernel, tell) {
  const explain = (view) => {
    const { main } = view.state.selection;
    const line = view.state.doc.lineAt(main.head);
    if (!main.empty || !/\S/.test(line.text.slice(0, main.head - line.from))) return false;
    const text = view.state.doc.toString();
    const show = (words) => {
      // The answer is about this text; another one has no use for it.
      if (view.state.doc.toString() !== text || view.state.selection.main.head !== main.head) return;
      view.dispatch({ effects: setDocs.of(tooltip(main.head, words)) });
      tell("said", words.slice(0, 400));
    };
    ask(`${kernel}/inspect`, { code: text, cursor: characters(text.slice(0, main.head)), detail: 0 }).then(
      (found) => show(found.data?.["text/plain"] ?? "The kernel does not know this name yet. Run the cell that makes it."),
      (why) => show(`Nothing could be looked up. ${why.message}`),
    );
    return true;
  };
  const close = (view) => {
    if (!view.state.field(docs)) return false;
    view.dispatch({ effects: setDocs.of(null) });
    return true;
  };
  return [docs, keymap.of([{ key: "Shift-Tab", run: explain }, { key: "Escape", run: close }])];
}
