// What stands at a place in source that is being typed, read without a parser and looked up without running anything.

import { own } from "selvedge/inspect";

const { global, kind, variables } = native;
const WORD = "[\\p{L}_$][\\p{L}\\p{N}_$]*";
const KEY = `\\[(?:\\d+|"[^"\\\\]*"|'[^'\\\\]*')\\]`;
const CHAIN = new RegExp(`(?<![\\p{L}\\p{N}_$.)\\]}'"\`])(${WORD}(?:${KEY})*(?:\\??\\.${WORD}(?:${KEY})*)*)$`, "u");
const STEP = new RegExp(`(${WORD})|\\[(\\d+)\\]|\\[["']([^"']*)["']\\]`, "gu");

// Lengths and places are counted in characters, as everywhere in the protocol; strings count otherwise.
export const characters = (text) => [...text];

// The names and keys that lead to a value, for example `a.b[0].c`; null when the text does not end in such a chain.
export function chain(text) {
  return CHAIN.exec(text)?.[1] ?? null;
}

// What opens the string, comment or template in the middle of which the text ends; null when it ends in code.
export function openAt(text) {
  let open = null;
  for (let i = 0; i < text.length; i++) {
    const [one, two] = [text[i], text.slice(i, i + 2)];
    if (open === null) {
      if (two === "//" || two === "/*") open = two;
      else if (one === "'" || one === '"' || one === "`") open = one;
    } else if (open === "//" || open === "'" || open === '"') {
      if (one === "\\" && open !== "//") i++;
      else if (one === "\n" || one === open) open = null;
    } else if (open === "/*") {
      if (two === "*/") open = null;
    } else if (one === "\\") i++;
    else if (one === "`") open = null;
  }
  return open;
}

// Every name that cells can use: those they declared with `let`, `const` and `class`, then properties of the global object.
export function names() {
  const found = new Map(Object.entries(variables()));
  for (let at = global(); at !== null; at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) if (!found.has(name)) found.set(name, own(at, name)?.value);
  }
  return found;
}

// `{value}` of a chain, or undefined when it leads nowhere or through a getter.
export function lookup(text) {
  let found;
  for (const [, word, index, key] of text.matchAll(STEP)) {
    if (found === undefined) {
      const scope = names();
      if (!scope.has(word)) return undefined;
      found = { value: scope.get(word) };
      continue;
    }
    found = step(found.value, word ?? index ?? key);
    if (found === undefined) return undefined;
  }
  return found;
}

function step(value, key) {
  for (const at of line(value)) {
    const found = own(at, key);
    if (found !== undefined) return "value" in found ? { value: found.value } : undefined;
  }
  return undefined;
}

// An object and its prototypes, as far as no proxy hides them; for other values, the prototypes of the user's own classes.
export function line(value) {
  const found = [];
  if (value === null || value === undefined) return found;
  const isObject = typeof value === "object" || typeof value === "function";
  const wrapper = { string: "String", number: "Number", bigint: "BigInt", boolean: "Boolean", symbol: "Symbol" }[typeof value];
  let at = isObject ? value : own(own(global(), wrapper)?.value ?? {}, "prototype")?.value ?? null;
  for (; at !== null && kind(at) !== "Proxy"; at = Object.getPrototypeOf(at)) found.push(at);
  return found;
}
