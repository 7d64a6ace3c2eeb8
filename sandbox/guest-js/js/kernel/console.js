// The global `console`, by the console standard.

import { frames, inspect } from "selvedge/inspect";
import { err, out } from "selvedge/stdio";

const { monotonic } = native;
const counts = new Map();
const timers = new Map();
let indent = "";

// What `console.log(...values)` prints.
export function format(values) {
  let [first, ...rest] = values;
  if (typeof first !== "string") return values.map(shown).join(" ");
  if (rest.length > 0 && first.includes("%")) {
    first = first.replace(/%[sdifjoOc%]/g, (mark) => {
      if (mark === "%%") return "%";
      if (rest.length === 0) return mark;
      return replaced(mark, rest.shift());
    });
  }
  return [first, ...rest.map(shown)].join(" ");
}

function replaced(mark, value) {
  switch (mark) {
    case "%s":
      return typeof value === "string" ? value : inspect(value, { depth: 0 });
    case "%d":
    case "%i":
    case "%f": {
      if (typeof value === "bigint") return `${value}n`;
      if (typeof value === "symbol" || typeof value === "object") return "NaN";
      return String(mark === "%d" ? Number(value) : mark === "%i" ? Number.parseInt(value, 10) : Number.parseFloat(value));
    }
    case "%j":
      return String(JSON.stringify(value));
    case "%c":
      return "";
    default:
      return inspect(value, { depth: 4 });
  }
}

function shown(value) {
  return typeof value === "string" ? value : inspect(value);
}

function print(write, text) {
  write(indent === "" ? `${text}\n` : `${text.replace(/^/gm, indent)}\n`);
}

function elapsed(label) {
  const took = monotonic() - timers.get(label);
  return took >= 1_000 ? `${label}: ${(took / 1_000).toFixed(3)}s` : `${label}: ${took.toFixed(3)}ms`;
}

// Values of a table by row and column; Map and Set as they iterate.
function tabular(data, only) {
  const rows = Array.isArray(data) || !(Symbol.iterator in data) ? Object.entries(data) : [...data].map((row, i) => [String(i), row]);
  const names = new Set();
  const read = rows.map(([index, row]) => {
    const cells = new Map();
    if (row !== null && typeof row === "object") {
      for (const name of Object.keys(row)) cells.set(name, inspect(row[name], { depth: 0 }));
    } else {
      cells.set(null, inspect(row, { depth: 0 }));
    }
    for (const name of cells.keys()) names.add(name);
    return [index, cells];
  });
  const loose = names.delete(null);
  const columns = only === undefined ? [...names] : only.map(String);
  const head = ["(index)", ...columns, ...(loose ? ["Values"] : [])];
  const body = read.map(([index, cells]) => [index, ...columns.map((name) => cells.get(name) ?? ""), ...(loose ? [cells.get(null) ?? ""] : [])]);
  return boxed([head, ...body]);
}

function boxed([head, ...body]) {
  const widths = head.map((name, i) => Math.max(name.length, ...body.map((row) => row[i].length)) + 2);
  const line = (row) => `│${row.map((text, i) => ` ${text}`.padEnd(widths[i])).join("│")}│`;
  const rule = (left, cross, right) => left + widths.map((width) => "─".repeat(width)).join(cross) + right;
  return [rule("┌", "┬", "┐"), line(head), rule("├", "┼", "┤"), ...body.map(line), rule("└", "┴", "┘")].join("\n");
}

const console = {
  log: (...values) => print(out, format(values)),
  info: (...values) => print(out, format(values)),
  debug: (...values) => print(out, format(values)),
  warn: (...values) => print(err, format(values)),
  error: (...values) => print(err, format(values)),
  dir: (value, options) => print(out, inspect(value, { depth: options?.depth === null ? Infinity : options?.depth })),
  dirxml: (...values) => print(out, format(values)),
  trace(...values) {
    const heading = values.length ? `Trace: ${format(values)}` : "Trace";
    print(err, [heading, ...frames(new Error()).map((frame) => frame.text)].join("\n"));
  },
  assert(condition, ...values) {
    if (condition) return;
    print(err, typeof values[0] === "string" ? `Assertion failed: ${format(values)}` : format(["Assertion failed", ...values]));
  },
  table(data, columns) {
    print(out, data !== null && typeof data === "object" ? tabular(data, columns) : format([data]));
  },
  count(label = "default") {
    const count = (counts.get(`${label}`) ?? 0) + 1;
    counts.set(`${label}`, count);
    print(out, `${label}: ${count}`);
  },
  countReset: (label = "default") => void counts.delete(`${label}`),
  time: (label = "default") => void timers.set(`${label}`, monotonic()),
  timeLog(label = "default", ...values) {
    if (timers.has(`${label}`)) print(out, [elapsed(`${label}`), ...values.map(shown)].join(" "));
    else print(err, `There is no timer '${label}'`);
  },
  timeEnd(label = "default") {
    console.timeLog(label);
    timers.delete(`${label}`);
  },
  group(...values) {
    if (values.length) console.log(...values);
    indent += "  ";
  },
  groupCollapsed: (...values) => console.group(...values),
  groupEnd: () => void (indent = indent.slice(2)),
  clear() {},
};

// A cell that failed inside a group leaves no indentation behind.
export function begin() {
  indent = "";
}

// The user's own object: replacing a function of it must not change ours.
Object.defineProperty(user, "console", { value: { ...console }, writable: true, configurable: true });
