// Functions of the web platform that programs expect and the language does not have.

const { decode, encode, fill, monotonic, random } = native;

function install(functions) {
  for (const [name, value] of Object.entries(functions)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  }
}

// The bytes that a buffer or a view of one holds.
function bytesOf(source) {
  if (source === undefined) return new Uint8Array(0);
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  throw new TypeError("an ArrayBuffer or a view of one is needed");
}

class TextEncoder {
  get encoding() {
    return "utf-8";
  }

  encode(text = "") {
    return encode(String(text));
  }

  encodeInto(text, target) {
    let read = 0;
    let written = 0;
    for (const character of String(text)) {
      const bytes = encode(character);
      if (written + bytes.length > target.length) break;
      target.set(bytes, written);
      written += bytes.length;
      read += character.length;
    }
    return { read, written };
  }
}

class TextDecoder {
  #fatal;
  #keepMark;
  #rest = new Uint8Array(0);

  constructor(label = "utf-8", { fatal = false, ignoreBOM = false } = {}) {
    if (!/^\s*(utf-?8|unicode-1-1-utf-8)\s*$/i.test(label)) throw new RangeError(`only utf-8 can be decoded, not ${label}`);
    this.#fatal = Boolean(fatal);
    this.#keepMark = Boolean(ignoreBOM);
  }

  get encoding() {
    return "utf-8";
  }

  get fatal() {
    return this.#fatal;
  }

  get ignoreBOM() {
    return this.#keepMark;
  }

  decode(source, { stream = false } = {}) {
    let bytes = bytesOf(source);
    if (this.#rest.length) {
      const joined = new Uint8Array(this.#rest.length + bytes.length);
      joined.set(this.#rest);
      joined.set(bytes, this.#rest.length);
      bytes = joined;
    }
    const end = stream ? bytes.length - unfinished(bytes) : bytes.length;
    this.#rest = bytes.slice(end);
    const text = decode(bytes.subarray(0, end), !this.#fatal);
    if (text === undefined) throw new TypeError("the bytes are not utf-8");
    return !this.#keepMark && text.startsWith("\ufeff") ? text.slice(1) : text;
  }
}

// How many bytes at the end begin a character that is not complete.
function unfinished(bytes) {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back];
    if ((byte & 0xc0) === 0x80) continue;
    const wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return wanted > back ? back : 0;
  }
  return 0;
}

const INTEGERS = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, BigInt64Array, BigUint64Array];
const RANDOM_BYTES_MAX = 65_536;

const crypto = {
  getRandomValues(array) {
    if (!INTEGERS.some((type) => array instanceof type)) throw new TypeError("an array of integers is needed");
    if (array.byteLength > RANDOM_BYTES_MAX) throw new DOMException(`at most ${RANDOM_BYTES_MAX} bytes at a time`, "QuotaExceededError");
    fill(bytesOf(array));
    return array;
  },
  randomUUID() {
    const bytes = new Uint8Array(16);
    fill(bytes);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
  },
};

const performance = {
  now: () => monotonic(),
  get timeOrigin() {
    return Date.now() - monotonic();
  },
};

install({ TextDecoder, TextEncoder, crypto, performance });
Object.defineProperty(Math, "random", { value: random, writable: true, configurable: true, enumerable: false });
// Nothing runs beside a cell: there is nobody to share memory with.
delete globalThis.SharedArrayBuffer;
delete globalThis.Atomics;
