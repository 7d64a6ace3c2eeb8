// How values look: a MIME bundle, by the contract of Jupyter in JavaScript: the method `[Symbol.for("Jupyter.display")]` makes one.

import { inspect, own } from "selvedge/inspect";

const { emit, kind } = native;
const DISPLAY = 3;
export const VALUE = 4;
// Something about what was shown before.
const CHANGE = 7;

// An event has room for a little more.
const BUNDLE_CHARACTERS_MAX = 900_000;
const METHOD = Symbol.for("Jupyter.display");
const MIME = /^[a-z]+\/[\w.+-]+$/;

// Hands the host what `value` looks like.
export function send(as, value) {
  sendBundle(as, bundle(value));
}

function sendBundle(as, made, about = {}) {
  const text = json({ data: made, metadata: {}, ...about });
  emit(as, text.length <= BUNDLE_CHARACTERS_MAX ? text : json({ data: smaller(made), metadata: {}, ...about }));
}

function show(value, about) {
  sendBundle(DISPLAY, isBundle(value) ? value : bundle(value), about);
}

// What of a bundle can be sent, and a word about what cannot.
function smaller(made) {
  const sizes = Object.entries(made).map(([mime, data]) => [mime, json(data)?.length ?? 0]);
  const kept = {};
  let left = BUNDLE_CHARACTERS_MAX - 4_096;
  for (const [mime, size] of sizes.sort((a, b) => a[1] - b[1])) {
    if (size > left) continue;
    kept[mime] = made[mime];
    left -= size;
  }
  const dropped = sizes.filter(([mime]) => !(mime in kept)).map(([mime, size]) => `${mime} (${size} characters)`);
  const note = `[too large to show: ${dropped.join(", ")}; at most ${BUNDLE_CHARACTERS_MAX} characters are shown]`;
  kept["text/plain"] = kept["text/plain"] === undefined ? note : `${kept["text/plain"]}\n${note}`;
  return kept;
}

// Text of JSON that every reader takes: a lone surrogate is no character.
export function json(data) {
  const text = JSON.stringify(data);
  if (!/\\ud[89a-f]/i.test(text)) return text;
  return JSON.stringify(data, (_, value) => (typeof value === "string" ? value.toWellFormed() : value));
}

function bundle(value) {
  // Asking a proxy would run its traps.
  const isAsked = isObject(value) && kind(value) !== "Proxy" && typeof value[METHOD] === "function";
  const made = isAsked ? value[METHOD]() : undefined;
  if (!isObject(made)) return { "text/plain": inspect(value) };
  return "text/plain" in made ? made : { ...made, "text/plain": inspect(value) };
}

function isObject(value) {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function isBundle(value) {
  if (!isObject(value) || kind(value) !== "Object") return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => MIME.test(key) && "value" in own(value, key));
}

let made = 0;

// Shows each value now. An object whose keys are all MIME types is a bundle itself: `{"text/html": "<b>hi</b>"}`.
function display(...values) {
  for (const value of values) show(value);
}

// Shows a value that can be replaced later: by `update` of what comes back, or by `display.update` with its id.
display.live = function live(value, id = `display-${(made += 1)}`) {
  const name = String(id);
  show(value, { display_id: name });
  return { id: name, update: (value) => display.update(name, value) };
};

// Replaces what was shown under this id.
display.update = function update(id, value) {
  show(value, { display_id: String(id), update: true });
};

// Removes what the cell has shown so far; with `wait` only when something new is there to take its place.
display.clear = function clear({ wait = false } = {}) {
  emit(CHANGE, json({ data: {}, metadata: {}, clear: true, wait: Boolean(wait) }));
};

Object.defineProperty(user, "display", { value: display, writable: true, configurable: true });
