// CodeMirror 6 for Python cells. Its colours are the page's CSS variables, so light and dark need no second configuration.
import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
  completionStatus,
  startCompletion,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, EditorState, Prec, StateEffect, StateField } from "@codemirror/state";
import { Decoration, drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { completions, explanations, units } from "./kernel.js";

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword], class: "tok-keyword" },
  { tag: [tags.string, tags.special(tags.string)], class: "tok-string" },
  { tag: [tags.number, tags.bool, tags.null], class: "tok-number" },
  { tag: [tags.comment], class: "tok-comment" },
  { tag: [tags.function(tags.variableName), tags.function(tags.definition(tags.variableName)), tags.definition(tags.className)], class: "tok-name" },
  { tag: [tags.meta], class: "tok-name" },
]);

const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "transparent", fontSize: "13px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "20px" },
  ".cm-content": { padding: "10px 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 12px 0 4px" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--muted)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "36px", padding: "0 8px 0 0", fontVariantNumeric: "tabular-nums" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "1.5px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--selection)" },
  ".cm-selectionMatch": { backgroundColor: "var(--indigo-soft)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--indigo-soft)", outline: "1px solid var(--line)" },
  ".cm-failed-line": { backgroundColor: "var(--danger-soft)", boxShadow: "inset 2px 0 0 var(--danger)" },
  ".cm-failed-span": { textDecoration: "underline wavy var(--danger) 1px", textUnderlineOffset: "4px", textDecorationSkipInk: "none" },
  ".cm-docs": { margin: "0", padding: "8px 12px", maxWidth: "min(560px, calc(100vw - 48px))", maxHeight: "260px", overflow: "auto", whiteSpace: "pre-wrap", fontFamily: "var(--mono)", fontSize: "12px", lineHeight: "18px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "220px" },
  ".cm-completionDetail": { color: "var(--muted)", fontStyle: "normal" },
  ".cm-tooltip": { backgroundColor: "var(--surface)", border: "1px solid var(--muted)", borderRadius: "6px", color: "var(--ink)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--indigo-soft)", color: "var(--ink)" },
  ".cm-panels": { backgroundColor: "var(--surface)", color: "var(--ink)", borderColor: "var(--line)" },
  ".cm-textfield": { backgroundColor: "var(--sunken)", border: "1px solid var(--muted)", borderRadius: "6px" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--surface)", border: "1px solid var(--muted)", borderRadius: "6px", color: "var(--ink)" },
});

/** Text set by the app, which the app need not be told about. */
const fromApp = Annotation.define();
const setFailed = StateEffect.define();
const failed = StateField.define({
  create: () => Decoration.none,
  update(marks, change) {
    for (const effect of change.effects) {
      if (!effect.is(setFailed)) continue;
      const { line, column, end } = effect.value;
      if (line < 1 || line > change.state.doc.lines) return Decoration.none;
      const { from, text } = change.state.doc.line(line);
      const found = [Decoration.line({ class: "cm-failed-line" }).range(from)];
      const [begin, stop] = [units(text, column), units(text, end)];
      if (stop > begin) found.push(Decoration.mark({ class: "cm-failed-span" }).range(from + begin, from + stop));
      return Decoration.set(found);
    }
    // The mark speaks of the text that ran.
    return change.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Tab after a word completes it; anywhere else it indents. */
function complete(view) {
  const { main } = view.state.selection;
  const before = view.state.sliceDoc(Math.max(0, main.head - 1), main.head);
  return main.empty && /[\w.]/.test(before) && startCompletion(view);
}

/** Escape closes completions that are seen. Those still on their way are given up, and Escape leaves the text. */
const completing = [
  ...completionKeymap.filter(({ key }) => key !== "Escape"),
  {
    key: "Escape",
    run: (view) => {
      const isSeen = completionStatus(view.state) === "active";
      return closeCompletion(view) && isSeen;
    },
  },
];

function atEdge(view, forward) {
  const { main } = view.state.selection;
  if (!main.empty || view.state.selection.ranges.length > 1) return false;
  const line = view.state.doc.lineAt(main.head).number;
  return forward ? line === view.state.doc.lines : line === 1;
}

/** @param {HTMLElement} host @param {{ text: string, label: string, readOnly: boolean, kernel: string, tell: (kind: string, text: string) => void }} entry */
export function makeEditor(host, entry) {
  const say = (kind) => () => {
    entry.tell(kind, "");
    return true;
  };
  // What runs is written: completions, also those on their way, would lie over its output and take the next Escape.
  const sayRun = (kind) => (view) => {
    closeCompletion(view);
    return say(kind)();
  };
  const leave = (kind, forward) => (view) => {
    if (!atEdge(view, forward)) return false;
    entry.tell(kind, "");
    return true;
  };
  const asks = entry.kernel !== "" && !entry.readOnly;
  const keys = [
    { key: "Shift-Enter", run: sayRun("run-next") },
    { key: "Mod-Enter", run: sayRun("run") },
    { key: "Alt-Enter", run: sayRun("run-insert") },
    { key: "Mod-s", run: say("save"), preventDefault: true },
    { key: "ArrowUp", run: leave("previous", false) },
    { key: "ArrowDown", run: leave("next", true) },
    { key: "Tab", run: acceptCompletion },
    ...(asks ? [{ key: "Tab", run: complete }] : []),
    { key: "Tab", run: indentMore },
  ];
  const nonce = document.querySelector("script[nonce]")?.nonce ?? "";
  const view = new EditorView({
    parent: host,
    state: EditorState.create({
      doc: entry.text,
      extensions: [
        nonce ? EditorView.cspNonce.of(nonce) : [],
        asks ? explanations(entry.kernel, entry.tell) : [],
        keymap.of([...keys, { key: "Shift-Tab", run: indentLess }]),
        lineNumbers(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        indentOnInput(),
        indentUnit.of("    "),
        bracketMatching(),
        closeBrackets(),
        autocompletion({
          defaultKeymap: false,
          activateOnTyping: asks,
          activateOnTypingDelay: 150,
          ...(asks && { override: [completions(entry.kernel)] }),
        }),
        Prec.highest(keymap.of(completing)),
        highlightSelectionMatches(),
        search({ top: true }),
        python(),
        syntaxHighlighting(colours),
        theme,
        failed,
        keymap.of([...closeBracketsKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap]),
        // After the rest, so that Escape first closes a completion or the search panel.
        keymap.of([{ key: "Escape", run: say("command") }]),
        EditorView.contentAttributes.of({ "aria-label": entry.label, tabindex: "0", spellcheck: "false", autocapitalize: "off", autocorrect: "off" }),
        EditorState.readOnly.of(entry.readOnly),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !update.transactions.some((change) => change.annotation(fromApp))) {
            entry.text = update.state.doc.toString();
            entry.tell("changed", entry.text);
          }
          if (update.focusChanged && update.view.hasFocus) entry.tell("focused", "");
        }),
      ],
    }),
  });
  return {
    focus: () => view.focus(),
    setText: (text) => {
      if (view.state.doc.toString() === text) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, annotations: fromApp.of(true) });
    },
    mark: (what) => view.dispatch({ effects: setFailed.of(what) }),
    goTo: ({ line, column }) => {
      const { from, text } = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines));
      view.focus();
      view.dispatch({ selection: { anchor: from + units(text, column) }, scrollIntoView: true });
    },
    destroy: () => view.destroy(),
  };
}
