// Standard output and error go straight to the host; input comes with the run.

const { emit } = native;
const STDOUT = 1;
const STDERR = 2;

export const out = (text) => emit(STDOUT, text);
export const err = (text) => emit(STDERR, text);

let input = "";

// The input of the cell that starts now.
export function begin(text) {
  input = text;
}

// The next line without its end, or null when there is none.
export function line() {
  if (input === "") return null;
  const end = input.indexOf("\n");
  const taken = end < 0 ? input : input.slice(0, end);
  input = end < 0 ? "" : input.slice(end + 1);
  return taken.endsWith("\r") ? taken.slice(0, -1) : taken;
}

// Everything that was not read yet.
export function rest() {
  const taken = input;
  input = "";
  return taken;
}

Object.defineProperty(user, "prompt", {
  // Shows a question, and answers with the next line of standard input; null when there is none.
  value: function prompt(question = "") {
    if (question !== "") out(String(question).endsWith(" ") ? String(question) : `${question} `);
    return line();
  },
  writable: true,
  configurable: true,
});
// What of standard input was not read yet.
user.selvedge.stdin = () => rest();
