// `URLSearchParams`, by the URL standard, and how URLs write bytes as percents.

const { decode, encode } = native;

const hex = (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;

// `text` with everything that `pattern` finds, and everything beyond ASCII, as percents.
export function escape(text, pattern) {
  const ascii = text.toWellFormed().replace(pattern, (character) => (character <= "~" ? hex(character.charCodeAt(0)) : character));
  return ascii.replace(/[^\x20-\x7e]/gu, (character) => Array.from(encode(character), hex).join(""));
}

// The bytes that percents stand for, as text.
export function unescape(text) {
  if (!text.includes("%")) return text;
  const bytes = [];
  for (let i = 0; i < text.length; i++) {
    const digits = text[i] === "%" ? text.slice(i + 1, i + 3) : "";
    if (/^[0-9a-f]{2}$/i.test(digits)) {
      bytes.push(Number.parseInt(digits, 16));
      i += 2;
    } else {
      const character = String.fromCodePoint(text.codePointAt(i));
      bytes.push(...encode(character));
      i += character.length - 1;
    }
  }
  return decode(new Uint8Array(bytes), true);
}

const form = (text) => escape(text, /[^a-z0-9*._ -]/gi).replaceAll(" ", "+");

function parse(text) {
  const parts = text.split("&").filter((part) => part !== "");
  return parts.map((part) => {
    const at = part.indexOf("=");
    const pair = at < 0 ? [part, ""] : [part.slice(0, at), part.slice(at + 1)];
    return pair.map((half) => unescape(half.replaceAll("+", " ")));
  });
}

function read(init) {
  if (init === null || typeof init !== "object") return parse(String(init).replace(/^\?/, ""));
  if (typeof init[Symbol.iterator] !== "function") return Object.keys(init).map((name) => [name.toWellFormed(), String(init[name]).toWellFormed()]);
  return Array.from(init, (pair) => {
    const halves = [...pair];
    if (halves.length !== 2) throw new TypeError("each pair has a name and a value");
    return halves.map((half) => String(half).toWellFormed());
  });
}

export class URLSearchParams {
  #pairs;
  #changed;

  constructor(init = "") {
    this.#pairs = read(init);
  }

  // The parameters of `query`; `changed` is told their text whenever they change.
  static of(query, changed) {
    const made = new URLSearchParams(query);
    made.#changed = changed;
    return made;
  }

  // As if they were made of `query`, without telling anybody.
  static replace(params, query) {
    params.#pairs = parse(query);
  }

  #set(pairs) {
    this.#pairs = pairs;
    this.#changed?.(this.toString());
  }

  get size() {
    return this.#pairs.length;
  }

  append(name, value) {
    this.#set([...this.#pairs, [String(name).toWellFormed(), String(value).toWellFormed()]]);
  }

  delete(name, value) {
    this.#set(this.#pairs.filter((pair) => pair[0] !== String(name) || (value !== undefined && pair[1] !== String(value))));
  }

  get(name) {
    return this.#pairs.find((pair) => pair[0] === String(name))?.[1] ?? null;
  }

  getAll(name) {
    return this.#pairs.filter((pair) => pair[0] === String(name)).map((pair) => pair[1]);
  }

  has(name, value) {
    return this.#pairs.some((pair) => pair[0] === String(name) && (value === undefined || pair[1] === String(value)));
  }

  set(name, value) {
    const pair = [String(name).toWellFormed(), String(value).toWellFormed()];
    const at = this.#pairs.findIndex((other) => other[0] === pair[0]);
    if (at < 0) this.#set([...this.#pairs, pair]);
    else this.#set(this.#pairs.flatMap((other, i) => (i === at ? [pair] : other[0] === pair[0] ? [] : [other])));
  }

  sort() {
    this.#set(this.#pairs.toSorted((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0)));
  }

  forEach(callback, self) {
    for (const [name, value] of this) callback.call(self, value, name, this);
  }

  *entries() {
    for (let i = 0; i < this.#pairs.length; i++) yield [...this.#pairs[i]];
  }

  *keys() {
    for (const [name] of this.entries()) yield name;
  }

  *values() {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  toString() {
    return this.#pairs.map((pair) => pair.map(form).join("=")).join("&");
  }

  [Symbol.for("Jupyter.display")]() {
    return { "text/plain": `URLSearchParams ${this}` };
  }
}

// For URLs, not for users.
export const { of, replace } = URLSearchParams;
delete URLSearchParams.of;
delete URLSearchParams.replace;
Object.defineProperty(globalThis, "URLSearchParams", { value: URLSearchParams, writable: true, configurable: true, enumerable: false });
