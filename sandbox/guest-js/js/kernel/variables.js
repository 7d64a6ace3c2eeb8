// `variables`: what the names of cells are bound to.

import * as glimpse from "selvedge/glimpse";
import { own } from "selvedge/inspect";

const { global, kind, variables: lexical } = native;
const NAMES_MAX = 1_000;
const PREVIEW_ROWS = 5;
const PREVIEW_COLUMNS = 12;

// Every name that cells declared, sorted. `since`: the fingerprints of an earlier answer, by name; then each says whether it `changed`, and
// `gone` names those that are no more.
export function variables({ since }) {
  const declared = new Map(Object.entries(lexical()));
  // What is there from the beginning cannot be enumerated; what cells add can.
  for (const name of Object.keys(global())) if (!declared.has(name)) declared.set(name, own(global(), name)?.value);
  const names = [...declared.keys()].sort();
  const entries = names.slice(0, NAMES_MAX).map((name) => entry(name, declared.get(name)));
  if (since !== undefined && since !== null) {
    for (const one of entries) one.changed = since[one.name] !== one.fingerprint;
  }
  const gone = Object.keys(since ?? {}).filter((name) => !declared.has(name));
  return { status: "ok", variables: entries, total: names.length, gone: gone.sort() };
}

function entry(name, value) {
  const shown = glimpse.text(value);
  const length = glimpse.length(value);
  const size = length === undefined ? {} : { length };
  const rows = preview(value);
  if (rows) size.shape = [length, rows.width];
  const made = {
    name,
    type: glimpse.typeName(value),
    kind: glimpse.sort(value),
    value: shown,
    size,
    fingerprint: fingerprint(value, length),
  };
  if (rows) made.table = { columns: rows.columns.slice(0, PREVIEW_COLUMNS), rows: rows.rows, total: length };
  return made;
}

// Alike as long as the value looks the same. A change deep inside something large can go unnoticed.
function fingerprint(value, length = 0) {
  const text = `${glimpse.typeName(value)} ${glimpse.text(value, 4_000)}`;
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return `${length.toString(16)}-${sum.toString(16).padStart(8, "0")}`;
}

// The first rows of a list of objects or of lists.
function preview(value) {
  if (kind(value) !== "Array") return undefined;
  const first = Array.from({ length: Math.min(own(value, "length").value, PREVIEW_ROWS) }, (_, i) => own(value, i)?.value);
  const type = kind(first[0]);
  if (first.length === 0 || (type !== "Object" && type !== "Array") || !first.every((row) => kind(row) === type)) return undefined;
  const keys = [...new Set(first.flatMap((row) => Object.keys(row)))];
  const columns = type === "Array" ? keys.map((_, i) => `column ${i + 1}`) : keys;
  const rows = first.map((row) => keys.slice(0, PREVIEW_COLUMNS).map((key) => cell(own(row, key))));
  return { columns, rows, width: type === "Array" ? own(first[0], "length").value : Object.keys(first[0]).length };
}

function cell(found) {
  if (found === undefined) return "";
  return "value" in found ? glimpse.text(found.value, 60) : "[Getter]";
}
