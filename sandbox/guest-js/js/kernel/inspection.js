// `inspect`: what the object under the cursor is, in the shape of Jupyter's `inspect_reply`.

import { chain, characters, lookup } from "selvedge/cursor";
import * as glimpse from "selvedge/glimpse";

const SOURCE_MAX = 16_384;
const MIME = "application/vnd.selvedge.inspect+json";

export function inspect({ code, cursor, detail = 0 }) {
  const name = expression(characters(code), cursor);
  const found = name === null ? undefined : lookup(name);
  if (found === undefined) return { status: "ok", found: false, data: {}, metadata: {} };
  const about = {
    name,
    type: glimpse.typeName(found.value),
    value: glimpse.text(found.value),
    doc: "",
    signature: signature(name, found.value),
  };
  const length = glimpse.length(found.value);
  if (length !== undefined) about.length = length;
  if (detail && typeof found.value === "function") about.source = source(found.value).slice(0, SOURCE_MAX);
  return { status: "ok", found: true, data: { "text/plain": plain(about), "text/markdown": markdown(about), [MIME]: about }, metadata: {} };
}

// The name under the cursor with what stands before its dots; else what is called around the cursor.
function expression(code, cursor) {
  let end = cursor;
  while (end < code.length && /[\p{L}\p{N}_$]/u.test(code[end])) end++;
  const under = chain(code.slice(0, end).join(""));
  if (under !== null) return under;
  let open = 0;
  for (let i = cursor - 1; i >= 0; i--) {
    if (code[i] === ")") open++;
    if (code[i] === "(" && open-- === 0) return chain(code.slice(0, i).join(""));
  }
  return null;
}

const source = (value) => Function.prototype.toString.call(value);

// Name and parameters, as they are written.
function signature(name, value) {
  if (typeof value !== "function") return null;
  const text = source(value);
  const called = name.split(".").at(-1);
  if (text.startsWith("class")) {
    const at = text.search(/\bconstructor\s*\(/);
    return at < 0 ? `new ${called}()` : `new ${called}${parameters(text.slice(text.indexOf("(", at)))}`;
  }
  const single = /^(?:async\s+)?([\p{L}_$][\p{L}\p{N}_$]*)\s*=>/u.exec(text);
  return single ? `${called}(${single[1]})` : `${called}${parameters(text.slice(text.indexOf("(")))}`;
}

// From the first parenthesis to the one that closes it.
function parameters(text) {
  let open = 0;
  for (let i = 0; i < text.length; i++) {
    if ("([{".includes(text[i])) open++;
    if (")]}".includes(text[i]) && --open === 0) return text.slice(0, i + 1).replace(/\s+/g, " ");
  }
  return "()";
}

function plain(about) {
  const facts = [
    ["Signature", about.signature],
    ["Type", about.type],
    ["Value", about.signature ? null : about.value],
    ["Length", about.length],
  ];
  const lines = facts.filter(([, text]) => text !== null && text !== undefined).map(([title, text]) => `${`${title}:`.padEnd(11)}${text}`);
  return [...lines, ...(about.source ? ["Source:", about.source] : [])].join("\n");
}

function markdown(about) {
  const parts = [`\`\`\`js\n${about.signature ?? `${about.name}: ${about.type}`}\n\`\`\``];
  if (!about.signature) parts.push(`\`\`\`\n${about.value}\n\`\`\``);
  if (about.source) parts.push(`\`\`\`js\n${about.source}\n\`\`\``);
  return parts.join("\n\n");
}
