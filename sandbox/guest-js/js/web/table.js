// Tables: `selvedge.table(rows, {columns})`. What it shows is what `selvedge.table` of Python shows.

import { kind, place, plain, read } from "selvedge/rows";

const ROWS_MAX = 1_000;
const TEXT_ROWS_MAX = 20;
const TEXT_WIDTH_MAX = 40;
const HTML_ROWS_MAX = 100;
const PAGE_ROWS_MAX = 1_000;
// Tables with more rows than are shown, by their id, the newest last: the rest can be asked for page by page.
const kept = new Map();
const KEPT_MAX = 32;
let made = 0;
const MIME = "application/vnd.selvedge.table+json";

export class Table {
  #names;
  #rows;
  #kinds;
  #total;
  #records;
  #id;

  constructor(rows, { columns } = {}) {
    const [names, records] = read(rows, columns);
    const shown = records.slice(0, ROWS_MAX);
    this.#names = names;
    this.#rows = shown.map((record) => record.map(plain));
    this.#kinds = names.map((_, i) => kind(shown.map((record) => record[i])));
    this.#total = records.length;
    this.#records = records;
  }

  // `page`: rows beyond those that were shown, sorted and filtered here because only here are all of them.
  static page({ table, from = 0, count = 100, sort = null, descending = false, filter = "" }) {
    const found = kept.get(table);
    if (found === undefined) return { status: "gone", rows: [], total: 0 };
    let records = found.#records.map((record) => record.map(plain));
    if (filter) {
      const wanted = filter.toLowerCase();
      records = records.filter((record) => record.some((value) => value !== null && String(value).toLowerCase().includes(wanted)));
    }
    if (sort !== null) {
      const at = place(found.#names, sort);
      const sign = descending ? -1 : 1;
      records.sort((a, b) => sign * order(a[at], b[at]));
    }
    const begin = Math.max(0, from);
    const rows = records.slice(begin, begin + Math.max(0, Math.min(count, PAGE_ROWS_MAX)));
    return { status: "ok", from: begin, rows, total: records.length, of: found.#records.length };
  }

  #identity() {
    if (this.#id === undefined) {
      made += 1;
      this.#id = `t${made}`;
      kept.set(this.#id, this);
      if (kept.size > KEPT_MAX) kept.delete(kept.keys().next().value);
    }
    return this.#id;
  }

  [Symbol.for("Jupyter.display")]() {
    return {
      [MIME]: { ...(this.#total > ROWS_MAX ? { id: this.#identity() } : {}), columns: this.#names.map((name, i) => ({ name, type: this.#kinds[i] })), rows: this.#rows, total: this.#total },
      "text/html": this.#html(),
      "text/plain": this.toString(),
    };
  }

  #html() {
    const line = (tag, values) => `<tr>${values.map((value) => `<${tag}>${escaped(text(value))}</${tag}>`).join("")}</tr>`;
    const body = this.#rows.slice(0, HTML_ROWS_MAX).map((row) => line("td", row));
    return `<table><thead>${line("th", this.#names)}</thead><tbody>${body.join("")}</tbody></table>`;
  }

  toString() {
    const rows = this.#rows.slice(0, TEXT_ROWS_MAX).map((row) => row.map((value) => short(text(value))));
    const names = this.#names.map(short);
    const widths = names.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i].length)));
    const right = this.#kinds.map((kind) => kind === "integer" || kind === "number");
    const lines = [
      names.map((name, i) => name.padEnd(widths[i])).join("  ").trimEnd(),
      widths.map((width) => "-".repeat(width)).join("  "),
      ...rows.map((row) => row.map((value, i) => (right[i] ? value.padStart(widths[i]) : value.padEnd(widths[i]))).join("  ").trimEnd()),
    ];
    if (this.#total > rows.length) lines.push(`… ${grouped(this.#total)} rows in all`);
    return lines.join("\n");
  }
}

// Numbers before text, nothing last.
function order(a, b) {
  const rank = (value) => (value === null ? 2 : typeof value === "number" ? 0 : 1);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (rank(a) === 0) return a - b;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

// A whole number with a comma after each thousand.
export function grouped(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

function text(value) {
  return value === null ? "" : String(value);
}

function short(text) {
  const line = text.trim().split(/\s+/).join(" ");
  return line.length <= TEXT_WIDTH_MAX ? line : line.slice(0, TEXT_WIDTH_MAX - 1) + "…";
}

function escaped(text) {
  const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}
