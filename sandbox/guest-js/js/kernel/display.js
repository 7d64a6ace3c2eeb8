// How values look: a MIME bundle, by the contract of Jupyter in JavaScript: the method `[Symbol.for("Jupyter.display")]` makes one.

import { inspect, own } from "selvedge/inspect";

const { emit, kind } = native;
const DISPLAY = 3;
export const VALUE = 4;

const METHOD = Symbol.for("Jupyter.display");
const MIME = /^[a-z]+\/[\w.+-]+$/;

// Hands the host what `value` looks like.
export function send(as, value) {
  emit(as, json(bundle(value)));
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

Object.defineProperty(user, "display", {
  // Shows each value now. An object whose keys are all MIME types is a bundle itself: `{"text/html": "<b>hi</b>"}`.
  value: function display(...values) {
    for (const value of values) {
      if (isBundle(value)) emit(DISPLAY, json(value));
      else send(DISPLAY, value);
    }
  },
  writable: true,
  configurable: true,
});
