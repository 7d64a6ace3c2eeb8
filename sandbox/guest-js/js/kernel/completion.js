// `complete`: what can stand at the cursor, in the shape of Jupyter's `complete_reply`; `is_complete`: whether source can run as it is.

import { chain, characters, line, lookup, names, openAt } from "selvedge/cursor";
import { frames, own } from "selvedge/inspect";

const { compile } = native;
const MATCHES_MAX = 500;
const KEYWORDS = `await async break case catch class const continue debugger default delete do else extends false finally for function if in
instanceof let new null of return static super switch this throw true try typeof undefined var void while yield`.split(/\s+/);
const WORD = /[\p{L}_$][\p{L}\p{N}_$]*$/u;

export function complete({ code, cursor }) {
  const before = characters(code).slice(0, cursor).join("");
  const word = WORD.exec(before)?.[0] ?? "";
  const found = openAt(before) === null ? matches(before.slice(0, before.length - word.length), word).slice(0, MATCHES_MAX) : [];
  const start = cursor - characters(word).length;
  return {
    status: "ok",
    matches: found.map((match) => match.text),
    cursor_start: found.length ? start : cursor,
    cursor_end: cursor,
    metadata: { _jupyter_types_experimental: found.map((match) => ({ start, end: cursor, ...match })) },
  };
}

function matches(before, word) {
  const dot = /\??\.$/.exec(before);
  if (dot !== null) {
    const owner = chain(before.slice(0, dot.index));
    const found = owner === null ? undefined : lookup(owner);
    return found === undefined ? [] : fitting(members(found.value), word);
  }
  if (word === "" || /\d$/.test(before)) return [];
  const candidates = new Map(KEYWORDS.map((name) => [name, "keyword"]));
  for (const [, name] of before.matchAll(/(?<![.\p{L}\p{N}_$])([\p{L}_$][\p{L}\p{N}_$]*)/gu)) if (!candidates.has(name)) candidates.set(name, "name");
  for (const [name, value] of names()) candidates.set(name, typeOf({ value }));
  return fitting(candidates, word);
}

function members(value) {
  const found = new Map();
  for (const at of line(value)) {
    for (const name of Object.getOwnPropertyNames(at)) {
      if (!found.has(name) && /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name)) found.set(name, typeOf(own(at, name)));
    }
  }
  return found;
}

function typeOf(found) {
  if (!("value" in found)) return "property";
  if (typeof found.value !== "function") return "instance";
  return Function.prototype.toString.call(found.value).startsWith("class") ? "class" : "function";
}

// Those that begin alike, then those that do but for capitals; underscores only when asked for.
function fitting(candidates, word) {
  const low = word.toLowerCase();
  const rank = ({ text }) => (text.startsWith(word) ? 0 : 1);
  return [...candidates]
    .map(([text, type]) => ({ text, type }))
    .filter(({ text }) => text.toLowerCase().startsWith(low) && (word.startsWith("_") || !text.startsWith("_")))
    .sort((a, b) => rank(a) - rank(b) || (a.text.toLowerCase() < b.text.toLowerCase() ? -1 : 1));
}

export function is_complete({ code }) {
  const error = compile(code);
  if (error === undefined) return { status: "complete" };
  const at = frames(error)[0];
  const lines = code.trimEnd().split("\n");
  const last = lines.at(-1);
  // A mistake at the very end is something that is still missing.
  const isOpen = at !== undefined && (at.line > lines.length || (at.line === lines.length && at.column > last.length));
  const isUnfinished = ["`", "/*"].includes(openAt(code));
  if (openAt(code) === "'" || openAt(code) === '"' || !(isOpen || isUnfinished)) return { status: "invalid" };
  const indent = /^\s*/.exec(last)[0];
  return { status: "incomplete", indent: /[{([]$/.test(last) ? `${indent}  ` : indent };
}
