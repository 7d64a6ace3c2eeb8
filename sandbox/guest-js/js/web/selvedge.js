// The global `selvedge`: what cells have beside the language and the usual web functions.

import { Chart } from "selvedge/chart";
import { Table } from "selvedge/table";

class Markup {
  #mime;
  #source;

  constructor(mime, source) {
    this.#mime = mime;
    this.#source = String(source);
  }

  [Symbol.for("Jupyter.display")]() {
    return { [this.#mime]: this.#source, "text/plain": this.#source };
  }

  toString() {
    return this.#source;
  }
}

const draw = (mark) => ({ [mark]: (rows, options) => new Chart(mark, rows, options) })[mark];

Object.defineProperty(globalThis, "selvedge", {
  value: {
    // Shows rows as a table that can be sorted and searched: objects, arrays, single values, or one object of columns.
    table: (rows, options) => new Table(rows, options),
    // For what runs cells, which takes it away.
    page: Table.page,
    chart: { line: draw("line"), bar: draw("bar"), point: draw("point"), area: draw("area") },
    // Something that shows as HTML (apart from the page, in a frame of its own), as Markdown, as an SVG picture.
    html: (source) => new Markup("text/html", source),
    markdown: (source) => new Markup("text/markdown", source),
    svg: (source) => new Markup("image/svg+xml", source),
  },
  writable: true,
  configurable: true,
  enumerable: false,
});
