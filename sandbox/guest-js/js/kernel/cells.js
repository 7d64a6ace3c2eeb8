// Runs one cell after another in one scope.

import { answer } from "selvedge/asks";
import { begin as beginConsole } from "selvedge/console";
import { VALUE, send } from "selvedge/display";
import * as errors from "selvedge/errors";
import { begin as beginInput } from "selvedge/stdio";
import * as timers from "selvedge/timers";

const { begin, drain, evaluate, fail, rejection, result, settle, state } = native;
const PENDING = 0;
const REJECTED = 2;

// What the host calls.
globalThis.handle = function handle(operation, ...fields) {
  if (operation === "run") run(...fields);
  else if (operation === "ask") answer(...fields);
  else if (operation === "interrupted") interrupted(...fields);
};

function run(label, code, stdin, interactive) {
  begin();
  beginInput(stdin, interactive === "1");
  beginConsole();
  errors.remember(label, code);
  try {
    const value = finish(evaluate(label, code));
    if (value !== undefined) send(VALUE, value);
  } catch (error) {
    timers.clear();
    // Telling it takes memory, which may be what there is none of. When there is not even enough for an error, the engine throws null.
    if (fail() && error === null) errors.send("InternalError", "out of memory", "InternalError: out of memory\n");
    else errors.report(error);
  } finally {
    settle();
  }
}

// Somebody stopped the cell, wherever it was.
function interrupted(error) {
  timers.clear();
  fail();
  errors.rename(error, "Interrupted", "the cell was stopped; what it did until then is kept");
  settle();
}

// The value of a cell, once it has nothing left to do: no promise that can go on, no timer. Throws what the cell threw, or a timer of it, or
// what a promise was rejected with that nobody handles.
function finish(cell) {
  for (;;) {
    drain();
    if (state(cell) === REJECTED) throw result(cell);
    const unhandled = rejection();
    if (unhandled !== undefined) throw unhandled.reason;
    if (timers.next()) continue;
    if (state(cell) === PENDING) throw new Error("the cell waits for something that nothing in it will ever do");
    return result(cell).value;
  }
}
