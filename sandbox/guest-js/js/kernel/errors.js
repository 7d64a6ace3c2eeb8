// Tells what went wrong: type, message, and a traceback with the user's own frames only.

import { json } from "selvedge/display";
import { frames, headline, inspect, own, typeName } from "selvedge/inspect";

const { emit, kind } = native;
const ERROR = 5;
const MESSAGE_CHARACTERS_MAX = 2_000;
const TEXT_CHARACTERS_MAX = 65_536;
const CAUSES_MAX = 8;

// Label of each cell that ran: its source, and whether an earlier one under this label was another.
const sources = new Map();

// The cell that starts now.
export function remember(label, code) {
  const known = sources.get(label);
  sources.set(label, { code, mixed: known !== undefined && (known.mixed || known.code !== code) });
}

// As if no cell had run under this label.
export function forget(label) {
  sources.delete(label);
}

// Sends `error` to the host.
export function report(error) {
  const isError = kind(error) === "Error" || kind(error) === "DOMException";
  const type = isError ? typeName(error) : "Uncaught";
  const message = isError ? headline(error).slice(type.length + 2) : inspect(error, { depth: 1 });
  tell(error, isError, type, message + hint(type, message));
}

// Sends an error of the engine's under a name of ours.
export function rename(error, type, message) {
  tell(error, true, type, message);
}

function tell(error, isError, type, told) {
  let traceback = "";
  try {
    traceback = isError ? excerpt(error) + trimmed(error, type, told, CAUSES_MAX) : "";
  } catch (failure) {
    traceback = `${type} (its stack cannot be shown: ${kind(failure) === "Error" ? failure.name : "it throws"})\n`;
  }
  send(type, told, traceback);
}

// Sends an error that is ours.
export function send(type, message, traceback) {
  const line = message.slice(0, MESSAGE_CHARACTERS_MAX).split(/\s+/).join(" ").trim();
  emit(ERROR, json({ type, message: line, traceback: traceback.slice(0, TEXT_CHARACTERS_MAX) }));
}

const HINTS = [
  [/^require is not defined/, "There are no modules to load: `selvedge` has tables and charts, everything else has to be in the code."],
  [/^could not load module/, "There are no modules to load: `selvedge` has tables and charts, everything else has to be in the code."],
  [/^(fetch|XMLHttpRequest|WebSocket) is not defined/, "Cells have no network."],
  [/^(process|Deno|Bun|Buffer|fs) is not defined/, "This is not Node: cells have the language and the functions of the web platform that need no network."],
  [/^(document|window) is not defined/, "There is no page: `display` and `selvedge.html` show something."],
  [/^(Atomics|SharedArrayBuffer|Worker) is not defined/, "Cells have one thread."],
];

function hint(type, message) {
  const found = type === "ReferenceError" && HINTS.find(([pattern]) => pattern.test(message));
  return found ? `. ${found[1]}` : "";
}

// The line where it happened, with a caret: only of a source that is surely the one.
function excerpt(error) {
  const at = frames(error).find((frame) => !frame.native);
  const source = at === undefined ? undefined : sources.get(at.file);
  if (source === undefined || (source.mixed && !at.whole)) return "";
  const line = source.code.split("\n")[at.line - 1];
  if (line === undefined || line.length > 400) return "";
  const before = line.slice(0, Math.max(0, at.column - 1)).replace(/[^\t]/g, " ");
  return `${at.file}:${at.line}\n${line}\n${before}^\n\n`;
}

function trimmed(error, type, message, causes) {
  const lines = frames(error).map((frame) => `${frame.text}\n`);
  const head = message === "" ? type : `${type}: ${message.slice(0, MESSAGE_CHARACTERS_MAX)}`;
  const cause = own(error, "cause")?.value;
  if (cause === undefined || causes === 0) return `${head}\n${lines.join("")}`;
  const told = kind(cause) === "Error" ? trimmed(cause, typeName(cause), headline(cause).slice(typeName(cause).length + 2), causes - 1) : `${inspect(cause)}\n`;
  return `${head}\n${lines.join("")}Caused by: ${told}`;
}
