// structuredClone, by the algorithm of the HTML standard, without transfers.

const { kind } = native;
const BOXES = new Set(["Boolean", "Number", "String", "BigInt"]);
const ERRORS = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

function clone(value, seen) {
  if (typeof value === "symbol" || typeof value === "function") refuse(value);
  if (value === null || typeof value !== "object") return value;
  if (seen.has(value)) return seen.get(value);
  const keep = (copy) => {
    seen.set(value, copy);
    return copy;
  };
  const type = kind(value);
  if (type === "Array") {
    const copy = keep(new Array(value.length));
    for (const key of Object.keys(value)) copy[key] = clone(value[key], seen);
    return copy;
  }
  if (type === "Object") {
    const copy = keep({});
    for (const key of Object.keys(value)) copy[key] = clone(value[key], seen);
    return copy;
  }
  if (type === "Map") {
    const copy = keep(new Map());
    for (const [key, item] of [...value]) copy.set(clone(key, seen), clone(item, seen));
    return copy;
  }
  if (type === "Set") {
    const copy = keep(new Set());
    for (const item of [...value]) copy.add(clone(item, seen));
    return copy;
  }
  if (type === "Date") return keep(new Date(value.getTime()));
  if (type === "RegExp") return keep(new RegExp(value.source, value.flags));
  if (BOXES.has(type)) return keep(Object(value.valueOf()));
  if (type === "ArrayBuffer") return keep(value.slice(0));
  if (ArrayBuffer.isView(value)) {
    const buffer = clone(value.buffer, seen);
    const length = type === "DataView" ? value.byteLength : value.length;
    return keep(new globalThis[type](buffer, value.byteOffset, length));
  }
  if (type === "Error") {
    const copy = keep(new (ERRORS[value.name] ?? Error)(value.message));
    Object.defineProperty(copy, "stack", { value: String(value.stack), writable: true, configurable: true });
    if ("cause" in value) Object.defineProperty(copy, "cause", { value: clone(value.cause, seen), writable: true, configurable: true });
    return copy;
  }
  return refuse(value);
}

function refuse(value) {
  const what = typeof value === "symbol" ? String(value) : typeof value === "function" ? `function ${value.name}` : `a ${kind(value)}`;
  throw new DOMException(`${what} could not be cloned.`, "DataCloneError");
}

Object.defineProperty(globalThis, "structuredClone", {
  value: function structuredClone(value) {
    if (arguments.length === 0) throw new TypeError("structuredClone needs a value");
    return clone(value, new Map());
  },
  writable: true,
  configurable: true,
  enumerable: false,
});
