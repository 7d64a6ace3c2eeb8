// Short facts about any value, without running anything of it.

import { className, inspect, own } from "selvedge/inspect";

const { kind } = native;
const TEXT_MAX = 200;

// At most `most` characters on one line.
export function text(value, most = TEXT_MAX) {
  const made = inspect(value, { depth: 2 }).replace(/\s*\n\s*/g, " ");
  return made.length <= most ? made : `${made.slice(0, most - 1)}…`;
}

// The type's name, as programs call it.
export function typeName(value) {
  if (value === null) return "null";
  return typeof value === "object" || typeof value === "function" ? (className(value) ?? "Object") : typeof value;
}

// class, function, module or value.
export function sort(value) {
  if (typeof value === "function") return Function.prototype.toString.call(value).startsWith("class") ? "class" : "function";
  return kind(value) === "Module" ? "module" : "value";
}

const mapSize = Object.getOwnPropertyDescriptor(Map.prototype, "size").get;
const setSize = Object.getOwnPropertyDescriptor(Set.prototype, "size").get;

// How many items it has; undefined for what has none.
export function length(value) {
  if (typeof value === "string") return [...value].length;
  switch (kind(value)) {
    case undefined:
    case "Proxy":
      return undefined;
    case "Array":
      return own(value, "length").value;
    case "Map":
      return mapSize.call(value);
    case "Set":
      return setSize.call(value);
    case "Object":
      return Object.keys(value).length;
    default:
      return ArrayBuffer.isView(value) && kind(value) !== "DataView" ? Object.keys(value).length : undefined;
  }
}
