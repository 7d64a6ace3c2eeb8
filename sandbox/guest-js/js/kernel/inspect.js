// Values as text, much as Node's `util.inspect` writes them. Runs no getters and no traps of proxies: looking changes nothing.

const { kind, result, state, target } = native;

const DEPTH = 2;
const ITEMS_MAX = 100;
const LINE_WIDTH = 76;
const STRING_MAX = 10_000;
// More than anybody reads; a cell's output has a limit, and one value must not fill it.
export const TEXT_MAX = 65_536;

const TYPED = Object.getPrototypeOf(Uint8Array);
const typedLength = Object.getOwnPropertyDescriptor(TYPED.prototype, "length").get;
const sizeOf = (prototype, name) => Object.getOwnPropertyDescriptor(prototype, name).get;
const mapSize = sizeOf(Map.prototype, "size");
const setSize = sizeOf(Set.prototype, "size");
const bufferLength = sizeOf(ArrayBuffer.prototype, "byteLength");
const viewLength = sizeOf(DataView.prototype, "byteLength");
const { call } = Function.prototype;
const unbound = (method) => call.bind(method);
const mapEach = unbound(Map.prototype.forEach);
const setEach = unbound(Set.prototype.forEach);
const dateTime = unbound(Date.prototype.getTime);
const dateText = unbound(Date.prototype.toISOString);
const symbolText = unbound(Symbol.prototype.toString);
const functionText = unbound(Function.prototype.toString);
const unbox = {
  Number: unbound(Number.prototype.valueOf),
  String: unbound(String.prototype.valueOf),
  Boolean: unbound(Boolean.prototype.valueOf),
  Symbol: unbound(Symbol.prototype.valueOf),
  BigInt: unbound(BigInt.prototype.valueOf),
};

// The text of `value`; at most TEXT_MAX characters.
export function inspect(value, { depth = DEPTH } = {}) {
  const state = { depth, path: [], marks: new Map(), left: TEXT_MAX };
  const text = format(value, state, 0);
  return text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX)}… (${text.length} characters in all)`;
}

function format(value, state, level) {
  switch (typeof value) {
    case "string":
      return quoted(value);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
      return `${value}n`;
    case "symbol":
      return symbolText(value);
    case "function":
    case "object":
      return value === null ? "null" : formatObject(value, state, level);
    default:
      return String(value);
  }
}

const ESCAPES = { "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f", "\v": "\\v", "\\": "\\\\" };

export function quoted(text) {
  const shown = text.length > STRING_MAX ? text.slice(0, STRING_MAX) : text;
  const quote = !shown.includes("'") ? "'" : !shown.includes('"') ? '"' : !shown.includes("`") ? "`" : "'";
  const escaped = shown.replace(/[\\\p{Cc}\p{Cs}'"`]/gu, (character) => {
    if (character in ESCAPES) return ESCAPES[character];
    if (`'"\``.includes(character)) return character === quote ? `\\${character}` : character;
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
  });
  const more = text.length - shown.length;
  return quote + escaped + quote + (more > 0 ? `... ${more} more character${more > 1 ? "s" : ""}` : "");
}

function formatObject(value, state, level) {
  if (state.path.includes(value)) {
    if (!state.marks.has(value)) state.marks.set(value, state.marks.size + 1);
    return `[Circular *${state.marks.get(value)}]`;
  }
  state.path.push(value);
  try {
    const text = describe(value, state, level);
    state.left -= text.length;
    return state.marks.has(value) ? `<ref *${state.marks.get(value)}> ${text}` : text;
  } finally {
    state.path.pop();
  }
}

// The name of the class that made it; null when it has no prototype. Follows prototypes without asking proxies.
export function className(value) {
  for (let at = value; at !== null && kind(at) !== "Proxy"; at = Object.getPrototypeOf(at)) {
    const constructor = own(at, "constructor")?.value;
    const name = typeof constructor === "function" ? own(constructor, "name")?.value : undefined;
    if (typeof name === "string" && name !== "") return name;
  }
  return null;
}

// A property as it is, not what a getter makes of it.
export function own(value, key) {
  return kind(value) === "Proxy" ? undefined : Object.getOwnPropertyDescriptor(value, key);
}

function describe(value, state, level) {
  const type = kind(value);
  if (type === "Proxy") {
    const behind = target(value);
    return behind === null ? "<Revoked Proxy>" : format(behind, state, level);
  }
  const name = className(value);
  const tag = tagOf(value, name);
  const heading = (usual, size = "") => {
    if (name === null) return `[${usual}${size}: null prototype]${tag} `;
    return name === usual && size === "" && usual === "Object" && !tag ? "" : `${name}${size}${tag} `;
  };
  if (typeof value === "function") return withKeys(functionName(value, type, name), value, state, level);
  switch (type) {
    case "Array": {
      const usual = name === "Array" && !tag;
      return list(usual ? "" : heading("Array", `(${value.length})`), "[", "]", value, state, level, (add) => arrayItems(value, add, state, level), isIndex);
    }
    case "Map":
      return list(heading("Map", `(${mapSize.call(value)})`), "{", "}", value, state, level, (add) => {
        mapEach(value, (item, key) => add(() => `${format(key, state, level + 1)} => ${format(item, state, level + 1)}`));
      });
    case "Set":
      return list(heading("Set", `(${setSize.call(value)})`), "{", "}", value, state, level, (add) => {
        setEach(value, (item) => add(() => format(item, state, level + 1)));
      });
    case "Date":
      return withKeys(Number.isNaN(dateTime(value)) ? "Invalid Date" : dateText(value), value, state, level);
    case "RegExp":
      return withKeys(regexpText(value), value, state, level);
    case "Error":
    case "DOMException":
      return errorText(value, state, level);
    case "Promise":
      return list(heading("Promise"), "{", "}", value, state, level, (add) => {
        add(() => promiseText(value, state, level));
      });
    case "ArrayBuffer":
      return list(heading("ArrayBuffer"), "{", "}", value, state, level, (add) => {
        add(() => `byteLength: ${bufferLength.call(value)}`);
      });
    case "DataView":
      return list(heading("DataView"), "{", "}", value, state, level, (add) => {
        add(() => `byteLength: ${viewLength.call(value)}`);
      });
    case "WeakMap":
    case "WeakSet":
    case "WeakRef":
      return `${name ?? type} { <items unknown> }`;
    case "Generator":
    case "AsyncGenerator":
      return `Object [${type}] {}`;
    case "Arguments":
    case "MappedArguments":
      return list("[Arguments] ", "[", "]", value, state, level, (add) => arrayItems(value, add, state, level), isIndex);
    default:
  }
  if (type in unbox) return withKeys(`[${type}: ${format(unbox[type](value), state, level)}]`, value, state, level, isIndex);
  if (ArrayBuffer.isView(value)) {
    const length = typedLength.call(value);
    return list(heading(type, `(${length})`), "[", "]", value, state, level, (add) => {
      for (let i = 0; i < length; i++) add(() => format(value[i], state, level));
    }, isIndex);
  }
  return list(heading("Object"), "{", "}", value, state, level, () => {});
}

function isIndex(key) {
  return typeof key === "string" && /^(0|[1-9]\d*)$/.test(key) && Number(key) < 2 ** 32 - 1;
}

function tagOf(value, name) {
  for (let at = value; at !== null && kind(at) !== "Proxy"; at = Object.getPrototypeOf(at)) {
    const tag = own(at, Symbol.toStringTag)?.value;
    if (typeof tag === "string") return tag !== "" && tag !== name ? ` [${tag}]` : "";
  }
  return "";
}

function functionName(value, type, name) {
  const given = own(value, "name")?.value;
  const called = typeof given === "string" && given !== "" ? given : "(anonymous)";
  if (functionText(value).startsWith("class")) {
    const parent = Object.getPrototypeOf(value);
    const above = typeof parent === "function" ? own(parent, "name")?.value : "";
    return `[class ${called}${above ? ` extends ${above}` : ""}]`;
  }
  const what = { AsyncFunction: "AsyncFunction", GeneratorFunction: "GeneratorFunction", AsyncGeneratorFunction: "AsyncGeneratorFunction" }[name];
  return `[${what ?? "Function"}${called === "(anonymous)" ? ` ${called}` : `: ${called}`}]`;
}

const regexpText = (value) => RegExp.prototype.toString.call(value);

function promiseText(value, marks, level) {
  const now = state(value);
  if (now === 0) return "<pending>";
  return (now === 2 ? "<rejected> " : "") + format(result(value), marks, level + 1);
}

// An error as it would be told, with its cause and what else was put on it.
function errorText(error, state, level) {
  const told = stackText(error);
  const text = level > 0 && !told.includes("\n") ? `[${told}]` : told;
  return withKeys(text, error, state, level, (key) => key === "stack" || key === "message" || key === "name");
}

const engineStack = Object.getOwnPropertyDescriptor(Error.prototype, "stack").get;
const FRAME = /^ {4}at (?:(.*) \((.*):(\d+):(\d+)\)|(.*):(\d+):(\d+)|(.*) \(native\))$/;

// Frames of the user's own code, the innermost first: `{file, line, column, whole, text}`, `whole` for code outside functions. Of functions of
// the engine, `{native, text}`, those that were called from it count; what calls cells does not.
export function frames(error) {
  const stack = kind(error) === "Error" || kind(error) === "DOMException" ? engineStack.call(error) : "";
  const found = [];
  for (const text of typeof stack === "string" ? stack.split("\n") : []) {
    const match = FRAME.exec(text);
    if (match === null) continue;
    const [, name, file = match[5], line = match[6], column = match[7], , , , native] = match;
    if (native !== undefined) {
      found.push({ native: true, text: `    at ${native} (native)` });
    } else if (!file.startsWith("selvedge/")) {
      const whole = name === undefined || name === "<eval>";
      const place = `${file}:${line}:${column}`;
      found.push({ file, line: Number(line), column: Number(column), whole, text: `    at ${whole ? place : `${name} (${place})`}` });
    }
  }
  while (found.at(-1)?.native) found.pop();
  return found;
}

// "Type: message" and the stack below it.
function stackText(error) {
  return [headline(error), ...frames(error).map((frame) => frame.text)].join("\n");
}

export function headline(error) {
  const message = lookup(error, "message");
  const name = typeName(error);
  return message === "" ? name : `${name}: ${message}`;
}

// The type of an error: its name, or its class when nobody named it.
export function typeName(error) {
  const name = lookup(error, "name");
  const made = className(error);
  return (name === "Error" || name === "") && made !== null && made !== "Object" ? made : name || "Error";
}

function lookup(value, key) {
  for (let at = value; at !== null && kind(at) !== "Proxy"; at = Object.getPrototypeOf(at)) {
    const found = own(at, key);
    if (found === undefined) continue;
    // The names of DOMExceptions are made by getters of the engine.
    const made = "value" in found ? found.value : kind(value) === "DOMException" || className(value) === "DOMException" ? found.get.call(value) : "";
    return typeof made === "string" ? made : made === undefined || made === null ? "" : format(made, { depth: 0, path: [], marks: new Map(), left: 1_000 }, 1);
  }
  return "";
}

function arrayItems(value, add, state, level) {
  let holes = 0;
  const flush = () => {
    const count = holes;
    holes = 0;
    if (count > 0) add(() => `<${count} empty item${count > 1 ? "s" : ""}>`);
  };
  const length = own(value, "length")?.value ?? 0;
  // An array of holes is as long as its number says, not as its contents.
  const last = Object.keys(value).length === 0 ? 0 : length;
  for (let i = 0; i < last; i++) {
    const item = own(value, i);
    if (item === undefined) {
      holes++;
      continue;
    }
    flush();
    if (add(() => property(item, state, level)) === false) return;
  }
  holes += length - last;
  flush();
}

function property(found, state, level) {
  if ("value" in found) return format(found.value, state, level + 1);
  return found.get ? (found.set ? "[Getter/Setter]" : "[Getter]") : "[Setter]";
}

// Text that stands for a whole object, followed by what was put on it.
function withKeys(text, value, state, level, except = () => false) {
  const keys = Reflect.ownKeys(value).filter((key) => own(value, key)?.enumerable && !except(key));
  const cause = kind(value) === "Error" ? own(value, "cause") : undefined;
  const errors = kind(value) === "Error" ? own(value, "errors") : undefined;
  if (keys.length === 0 && cause === undefined && errors === undefined) return text;
  return list(`${text} `, "{", "}", value, state, level, (add) => {
    if (cause && !cause.enumerable) add(() => `[cause]: ${property(cause, state, level)}`);
    if (errors && !errors.enumerable) add(() => `[errors]: ${property(errors, state, level)}`);
  }, except);
}

// `heading{ a, b }`: what `fill` adds, then the properties that are not among it.
function list(heading, open, close, value, state, level, fill, except = () => false) {
  if (level > state.depth) return open === "[" ? "[Array]" : `[${heading.trimEnd() || "Object"}]`;
  const items = [];
  let more = 0;
  const add = (item) => {
    if (items.length >= ITEMS_MAX || state.left <= 0) {
      more++;
      return;
    }
    const text = item();
    state.left -= text.length;
    items.push(text);
  };
  fill(add);
  let keys = 0;
  for (const key of Reflect.ownKeys(value)) {
    const found = own(value, key);
    if (!found?.enumerable || except(key)) continue;
    if (state.left <= 0) {
      keys++;
      continue;
    }
    const text = `${keyText(key)}: ${property(found, state, level)}`;
    state.left -= text.length;
    items.push(text);
  }
  if (more > 0) items.push(`... ${more} more item${more > 1 ? "s" : ""}`);
  if (keys > 0) items.push(`... ${keys} more propert${keys > 1 ? "ies" : "y"}`);
  return laidOut(heading, open, close, items, level);
}

function keyText(key) {
  if (typeof key === "symbol") return `[${symbolText(key)}]`;
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? key : quoted(key);
}

function laidOut(heading, open, close, items, level) {
  if (items.length === 0) return `${heading}${open}${close}`;
  const indent = "  ".repeat(level);
  const length = items.reduce((sum, item) => sum + item.length + 2, 0) + heading.length + indent.length;
  const oneLine = !items.some((item) => item.includes("\n")) && !heading.includes("\n");
  if (oneLine && length <= LINE_WIDTH) return `${heading}${open} ${items.join(", ")} ${close}`;
  const lines = open === "[" && oneLine && items.length > 6 ? filled(items, LINE_WIDTH - indent.length) : items;
  return `${heading}${open}\n${lines.map((line) => `${indent}  ${line}`).join(",\n")}\n${indent}${close}`;
}

// As many items on each line as fit.
function filled(items, width) {
  const lines = [];
  for (const item of items) {
    const last = lines.length - 1;
    if (last >= 0 && lines[last].length + item.length + 2 <= width) lines[last] += `, ${item}`;
    else lines.push(item);
  }
  return lines;
}
