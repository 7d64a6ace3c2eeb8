// Charts: `selvedge.chart.line(rows, {x: "day", y: "visitors", color: "page", title: "Visitors"})`, and `bar`, `point`, `area` alike.
//
// Rows are what `selvedge.table` takes; plain numbers are drawn over their position. A chart is a Vega-Lite specification.

import { kind, place, plain, read } from "selvedge/rows";
import { grouped } from "selvedge/table";

const ROWS_MAX = 5_000;
const MIME = "application/vnd.vegalite.v6+json";
const SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json";
const TYPES = { integer: "quantitative", number: "quantitative", datetime: "temporal" };

export class Chart {
  #mark;
  #title;
  #count;
  #channels;
  #columns;
  #kinds;

  constructor(mark, rows, { x, y, color, title } = {}) {
    let [names, records] = read(rows);
    if (records.length > ROWS_MAX) {
      throw new RangeError(`a chart draws at most ${grouped(ROWS_MAX)} rows, these are ${grouped(records.length)}: group them or draw a sample`);
    }
    if (names.length === 1 && x === undefined) {
      names = ["position", names[0]];
      records = records.map((record, i) => [i, ...record]);
    }
    x ??= names[0];
    y ??= names.find((name) => name !== x) ?? x;
    this.#mark = mark;
    this.#title = title;
    this.#count = records.length;
    this.#channels = color === undefined ? { x, y } : { x, y, color };
    this.#columns = new Map();
    this.#kinds = new Map();
    for (const name of new Set(Object.values(this.#channels).map(String))) {
      const at = place(names, name);
      const values = records.map((record) => record[at]);
      this.#columns.set(name, values);
      this.#kinds.set(name, kind(values));
    }
  }

  // The Vega-Lite specification.
  spec() {
    const names = [...this.#columns.keys()];
    const columns = names.map((name) => {
      const numeric = TYPES[this.#kinds.get(name)] === "quantitative";
      return this.#columns.get(name).map((value) => shown(value, numeric));
    });
    const values = Array.from({ length: this.#count }, (_, i) => Object.fromEntries(names.map((name, j) => [name, columns[j][i]])));
    const mark = { type: this.#mark, tooltip: true };
    if (this.#mark === "line" && this.#count <= 100) mark.point = true;
    const encoding = Object.fromEntries(
      Object.entries(this.#channels).map(([channel, name]) => [channel, this.#encoding(channel, String(name))]),
    );
    const spec = { $schema: SCHEMA, data: { values }, mark, encoding, width: "container" };
    if (this.#title !== undefined) spec.title = String(this.#title);
    return spec;
  }

  #encoding(channel, name) {
    let type = TYPES[this.#kinds.get(name)] ?? "nominal";
    if (channel === "x" && this.#mark === "bar" && this.#kinds.get(name) === "integer") type = "ordinal";
    const encoding = { field: escaped(name), type, title: name };
    // In the order of the rows, not of the alphabet.
    if (type === "nominal" && channel !== "color") encoding.sort = null;
    return encoding;
  }

  [Symbol.for("Jupyter.display")]() {
    return { [MIME]: this.spec(), "text/plain": this.toString() };
  }

  toString() {
    const { x, y, color } = this.#channels;
    const title = this.#title === undefined ? "" : ` “${this.#title}”`;
    const name = this.#mark[0].toUpperCase() + this.#mark.slice(1);
    const text = `${name} chart${title}: ${y}${this.#range(String(y))} over ${x}${this.#range(String(x))}, ${grouped(this.#count)} rows`;
    if (color === undefined) return text;
    return `${text}, ${grouped(new Set(this.#columns.get(String(color)).map(String)).size)} values of ${color}`;
  }

  #range(name) {
    const values = this.#columns.get(name).filter((value) => value !== null && value !== undefined);
    if (!TYPES[this.#kinds.get(name)] || values.length === 0) return "";
    const least = values.reduce((a, b) => (b < a ? b : a));
    const most = values.reduce((a, b) => (b > a ? b : a));
    return ` (${plain(least)} to ${plain(most)})`;
  }
}

function shown(value, numeric) {
  if (!numeric || value === null || value === undefined) return plain(value);
  // What is not finite is missing, as far as a picture goes.
  return Number.isFinite(Number(value)) ? Number(value) : null;
}

// Vega-Lite reads dots and brackets as paths.
function escaped(field) {
  return field.replace(/[\\.[\]]/g, "\\$&");
}
