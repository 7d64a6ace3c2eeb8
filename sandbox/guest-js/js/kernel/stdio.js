// Standard output and error go straight to the host; input comes with the run.

const { ask, emit } = native;
const STDOUT = 1;
const STDERR = 2;

export const out = (text) => text !== "" && emit(STDOUT, text);
export const err = (text) => emit(STDERR, text);

// What the terminals of old sent for the end of the input.
const CONTROL_D = "\u0004";

let input = "";
let interactive = false;

// The input of the cell that starts now, and whether somebody can be asked for more.
export function begin(text, asks) {
  input = text;
  interactive = asks;
}

// The next line without its end, or null when there is none. When the text that came with the run is used up, whoever watches is asked.
export function line(question) {
  if (input === "" && interactive) {
    const answer = ask(question);
    if (answer === undefined || answer === CONTROL_D) return null;
    // The record of the run reads as a terminal would.
    out(`${question}${answer}\n`);
    return answer;
  }
  out(question);
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
  // Asks a question; the answer is the next line of standard input, or null when there is none.
  value: function prompt(question = "") {
    const text = String(question);
    return line(text === "" || text.endsWith(" ") ? text : `${text} `);
  },
  writable: true,
  configurable: true,
});
// What of standard input was not read yet.
user.selvedge.stdin = () => rest();
