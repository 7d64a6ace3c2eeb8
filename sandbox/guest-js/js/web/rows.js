// Reads what people call rows, and what their values are.
//
// Types of columns, as for Python: integer, number, boolean, text, datetime, mixed, and empty when there is no value.

// Names of columns, and rows as lists in that order. Rows are objects, arrays or single values; or one object of columns.
export function read(rows, columns) {
  if (typeof rows === "string") throw new TypeError("rows are a list of objects or of lists, not text");
  if (rows !== null && typeof rows === "object" && typeof rows[Symbol.iterator] !== "function") {
    const names = Object.keys(rows);
    const series = names.map((name) => [...rows[name]]);
    const longest = Math.max(0, ...series.map((values) => values.length));
    return chosen(names, Array.from({ length: longest }, (_, i) => series.map((values) => values[i])), columns);
  }
  const list = [...rows];
  if (list.length && list.every(Array.isArray)) {
    const names = numbered(Math.max(...list.map((row) => row.length)), columns);
    return [names, list.map((row) => names.map((_, i) => row[i]))];
  }
  if (list.length && list.every((row) => row !== null && typeof row === "object" && !(row instanceof Date))) {
    const names = [...new Set(list.flatMap((row) => Object.keys(row)))];
    return chosen(names, list.map((row) => names.map((name) => row[name])), columns);
  }
  return [numbered(1, columns), list.map((row) => [row])];
}

function numbered(width, columns = []) {
  if (columns.length > width) throw new RangeError(`${columns.length} columns were named, the rows have ${width}`);
  return Array.from({ length: width }, (_, i) => (i < columns.length ? String(columns[i]) : `column ${i + 1}`));
}

function chosen(names, records, columns) {
  if (columns === undefined) return [names, records];
  const places = columns.map((name) => place(names, name));
  return [columns.map(String), records.map((record) => places.map((i) => record[i]))];
}

// Where the column is.
export function place(names, name) {
  const at = names.indexOf(String(name));
  if (at < 0) throw new RangeError(`there is no column '${name}'; there are ${names.map((name) => `'${name}'`).join(", ") || "none"}`);
  return at;
}

// The type of a column.
export function kind(values) {
  const kinds = new Set(values.filter((value) => value !== null && value !== undefined).map(kindOf));
  if (kinds.size === 0) return "empty";
  if (kinds.size === 1) return [...kinds][0];
  return [...kinds].every((kind) => kind === "integer" || kind === "number") ? "number" : "mixed";
}

function kindOf(value) {
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "bigint") return "integer";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return value instanceof Date ? "datetime" : "text";
}

// As JSON carries it without loss: numbers that it cannot hold become text.
export function plain(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "bigint") return value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
