// `URL`, by the URL standard.

import { domain, opaque } from "selvedge/host";
import { escape, of, replace } from "selvedge/params";

const PORTS = { "ftp:": 21, "file:": null, "http:": 80, "https:": 443, "ws:": 80, "wss:": 443 };
const FRAGMENT = /[ "<>`]/g;
const QUERY = /[ "#<>]/g;
const SPECIAL_QUERY = /[ "#<>']/g;
const PATH = /[ "#<>?^`{}]/g;
const USER = /[ "#<>?^`{}/:;=@[\\\]|]/g;
const NOTHING = /[^\0-\uffff]/g;
const SINGLE = /^(\.|%2e)$/i;
const DOUBLE = /^(\.|%2e){2}$/i;

const isSpecial = (url) => Object.hasOwn(PORTS, url.scheme);
const wrong = (text) => new TypeError(`'${text}' is no URL`);

// `path`: a list, or text when nothing is known about it. `host`, `port`, `query` and `fragment` may be null.
function parse(given, base) {
  let text = given.replace(/^[\0-\x20]+|[\0-\x20]+$/g, "").replace(/[\t\n\r]/g, "");
  const url = { scheme: "", user: "", password: "", host: null, port: null, path: [], query: null, fragment: null };
  const hash = text.indexOf("#");
  if (hash >= 0) {
    url.fragment = escape(text.slice(hash + 1), FRAGMENT);
    text = text.slice(0, hash);
  }
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(text)?.[0];
  if (scheme === undefined) {
    if (base === undefined || (typeof base.path === "string" && (text !== "" || hash < 0))) throw wrong(given);
    return typeof base.path === "string" ? { ...base, fragment: url.fragment } : relative(url, text, base);
  }
  url.scheme = scheme.toLowerCase();
  const rest = text.slice(scheme.length);
  if (isSpecial(url)) {
    const near = url.scheme === base?.scheme && !/^[/\\]/.test(rest);
    if (url.scheme === "file:") return near ? relative(url, rest, base) : local(url, rest);
    return near ? relative(url, rest, base) : authority(url, rest.replace(/^[/\\]+/, ""));
  }
  if (rest.startsWith("//")) return authority(url, rest.slice(2));
  if (rest.startsWith("/")) return pathAndQuery(url, rest);
  const [path, query] = divided(rest);
  url.path = escape(path, NOTHING);
  if (query !== null) url.query = escape(query, QUERY);
  return url;
}

function relative(url, text, base) {
  const [slash, slashes] = base.scheme in PORTS ? [/^[/\\]/, /^[/\\]{2}/] : [/^\//, /^\/\//];
  url.scheme = base.scheme;
  if (slashes.test(text)) return base.scheme === "file:" ? local(url, text) : authority(url, text.slice(2).replace(isSpecial(url) ? /^[/\\]+/ : /^$/, ""));
  for (const part of ["user", "password", "host", "port"]) url[part] = base[part];
  if (slash.test(text)) return pathAndQuery(url, text);
  url.path = [...base.path];
  if (text === "") {
    url.query = base.query;
    return url;
  }
  if (text.startsWith("?")) return pathAndQuery(url, text, url.path);
  url.path.pop();
  return pathAndQuery(url, text, url.path);
}

function local(url, text) {
  const rest = /^[/\\]{2}/.test(text) ? text.slice(2) : undefined;
  url.host = "";
  if (rest === undefined) return pathAndQuery(url, text);
  const end = rest.search(/[/\\?]/);
  const host = end < 0 ? rest : rest.slice(0, end);
  if (host !== "") url.host = domain(host);
  if (url.host === "localhost") url.host = "";
  return pathAndQuery(url, end < 0 ? "" : rest.slice(end));
}

function authority(url, text) {
  const end = text.search(isSpecial(url) ? /[/\\?]/ : /[/?]/);
  const whole = end < 0 ? text : text.slice(0, end);
  const at = whole.lastIndexOf("@");
  const [user, ...password] = whole.slice(0, Math.max(at, 0)).split(":");
  url.user = escape(user, USER);
  url.password = escape(password.join(":"), USER);
  place(url, whole.slice(at + 1));
  if (at >= 0 && url.host === "") throw wrong(text);
  return pathAndQuery(url, end < 0 ? "" : text.slice(end));
}

// Host and port.
function place(url, text) {
  const [, host, port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(text) ?? [];
  if (host === undefined || (host === "" && (isSpecial(url) || port)) || !/^\d*$/.test(port ?? "")) throw wrong(text);
  url.host = isSpecial(url) ? domain(host) : opaque(host);
  if (port !== undefined) url.port = port === "" ? null : portOf(url, port);
}

function portOf(url, text) {
  const port = Number(text);
  if (port > 65_535) throw wrong(text);
  return port === PORTS[url.scheme] ? null : port;
}

function divided(text) {
  const at = text.indexOf("?");
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

function pathAndQuery(url, text, before = []) {
  const [path, query] = divided(text);
  if (query !== null) url.query = escape(query, isSpecial(url) ? SPECIAL_QUERY : QUERY);
  url.path = path === "" && text.startsWith("?") && before.length > 0 ? before : steps(url, path, before);
  return url;
}

function steps(url, text, before) {
  if (text === "" && before.length === 0) return isSpecial(url) ? [""] : [];
  const path = [...before];
  const parts = text.split(isSpecial(url) ? /[/\\]/ : "/");
  if (parts[0] === "" && before.length === 0 && parts.length > 1) parts.shift();
  parts.forEach((part, i) => {
    const last = i === parts.length - 1;
    if (DOUBLE.test(part)) path.pop();
    else if (!SINGLE.test(part)) path.push(escape(part, PATH));
    if (last && (DOUBLE.test(part) || SINGLE.test(part))) path.push("");
  });
  return path;
}

const pathText = (url) => (typeof url.path === "string" ? url.path : url.path.map((part) => `/${part}`).join(""));
const hostText = (url) => (url.host ?? "") + (url.port === null ? "" : `:${url.port}`);

function written(url) {
  const user = url.user + (url.password ? `:${url.password}` : "");
  const dots = url.host === null && url.path.length > 1 && url.path[0] === "" && typeof url.path !== "string" ? "/." : "";
  const where = url.host === null ? dots : `//${user ? `${user}@` : ""}${hostText(url)}`;
  return url.scheme + where + pathText(url) + (url.query === null ? "" : `?${url.query}`) + (url.fragment === null ? "" : `#${url.fragment}`);
}

class URL {
  #url;
  #params;

  constructor(url, base) {
    this.#url = parse(String(url), base === undefined ? undefined : parse(String(base)));
  }

  static parse(url, base) {
    return URL.canParse(url, base) ? new URL(url, base) : null;
  }

  static canParse(url, base) {
    try {
      return Boolean(new URL(url, base));
    } catch {
      return false;
    }
  }

  // Changes nothing when it cannot be.
  #try(change) {
    const copy = { ...this.#url };
    try {
      change(copy);
    } catch {
      return;
    }
    this.#url = copy;
  }

  #query(query) {
    this.#url.query = query;
    if (this.#params) replace(this.#params, query ?? "");
  }

  get href() {
    return written(this.#url);
  }

  set href(text) {
    this.#url = parse(String(text));
    this.#query(this.#url.query);
  }

  get origin() {
    const { scheme, host, path } = this.#url;
    if (scheme === "blob:") return URL.parse(path)?.origin ?? "null";
    return isSpecial(this.#url) && host !== "" ? `${scheme}//${hostText(this.#url)}` : "null";
  }

  get protocol() {
    return this.#url.scheme;
  }

  set protocol(text) {
    const scheme = /^[a-z][a-z0-9+.-]*(?=:|$)/i.exec(String(text))?.[0].toLowerCase();
    const changed = { ...this.#url, scheme: `${scheme}:` };
    if (scheme === undefined || isSpecial(changed) !== isSpecial(this.#url) || (scheme === "file" && this.host !== this.hostname)) return;
    if (this.protocol === "file:" && this.host === "") return;
    if (changed.port === PORTS[changed.scheme]) changed.port = null;
    this.#url = changed;
  }

  get username() {
    return this.#url.user;
  }

  set username(text) {
    if (this.#url.host) this.#url.user = escape(String(text), USER);
  }

  get password() {
    return this.#url.password;
  }

  set password(text) {
    if (this.#url.host) this.#url.password = escape(String(text), USER);
  }

  get host() {
    return hostText(this.#url);
  }

  set host(text) {
    if (typeof this.#url.path === "string") return;
    const [whole] = String(text).split(isSpecial(this.#url) ? /[/\\?#]/ : /[/?#]/);
    if (this.protocol !== "file:" || !/:\d*$/.test(whole)) this.#try((url) => place(url, whole));
  }

  get hostname() {
    return this.#url.host ?? "";
  }

  set hostname(text) {
    if (typeof this.#url.path !== "string" && !/^[^[]*:/.test(String(text))) this.#try((url) => place(url, String(text).split(/[/\\?#]/)[0]));
  }

  get port() {
    return this.#url.port === null ? "" : String(this.#url.port);
  }

  set port(text) {
    const digits = /^\d*/.exec(String(text))[0];
    if (!this.#url.host || this.#url.scheme === "file:" || (digits === "" && String(text) !== "")) return;
    this.#try((url) => (url.port = digits === "" ? null : portOf(url, digits)));
  }

  get pathname() {
    return pathText(this.#url);
  }

  set pathname(text) {
    if (typeof this.#url.path === "string") return;
    if (String(text) === "" && !isSpecial(this.#url)) this.#url.path = [];
    else this.#url.path = steps(this.#url, `/${String(text)}`.replace(isSpecial(this.#url) ? /^\/[/\\]/ : /^\/\//, "/"), []);
  }

  get search() {
    return this.#url.query ? `?${this.#url.query}` : "";
  }

  set search(text) {
    const query = String(text).replace(/^\?/, "");
    this.#query(query === "" ? null : escape(query, isSpecial(this.#url) ? SPECIAL_QUERY : QUERY));
  }

  get searchParams() {
    this.#params ??= of(this.#url.query ?? "", (text) => (this.#url.query = text === "" ? null : text));
    return this.#params;
  }

  get hash() {
    return this.#url.fragment ? `#${this.#url.fragment}` : "";
  }

  set hash(text) {
    const fragment = String(text).replace(/^#/, "");
    this.#url.fragment = fragment === "" ? null : escape(fragment, FRAGMENT);
  }

  toString() {
    return this.href;
  }

  toJSON() {
    return this.href;
  }

  [Symbol.for("Jupyter.display")]() {
    return { "text/plain": `URL ${this.href}` };
  }
}

Object.defineProperty(globalThis, "URL", { value: URL, writable: true, configurable: true, enumerable: false });
