// setTimeout and its kin. A cell ends when nothing is left to do, timers included, as a program of Node does.

import { inspect } from "selvedge/inspect";

const { monotonic, sleep } = native;
const DELAY_MAX = 2 ** 31 - 1;

// By number, in the order of making.
const pending = new Map();
let made = 0;

function start(callback, delay, values, repeats) {
  if (typeof callback !== "function") throw new TypeError(`a function is needed, not ${inspect(callback, { depth: 0 })}`);
  const given = Number(delay);
  const wait = given >= 1 && given <= DELAY_MAX ? given : repeats ? 1 : 0;
  made += 1;
  pending.set(made, { callback, values, wait, repeats, due: monotonic() + wait });
  return made;
}

function stop(number) {
  pending.delete(Number(number));
}

// Waits for the timer that is due first and calls it; false when there is none.
export function next() {
  let first;
  for (const [number, timer] of pending) {
    if (first === undefined || timer.due < pending.get(first).due) first = number;
  }
  if (first === undefined) return false;
  const timer = pending.get(first);
  const wait = timer.due - monotonic();
  if (wait > 0) sleep(wait);
  if (timer.repeats) timer.due = monotonic() + timer.wait;
  else pending.delete(first);
  timer.callback.apply(undefined, timer.values);
  return true;
}

// Forgets all of them: their cell has failed.
export function clear() {
  pending.clear();
}

const functions = {
  setTimeout: (callback, delay, ...values) => start(callback, delay, values, false),
  setInterval: (callback, delay, ...values) => start(callback, delay, values, true),
  setImmediate: (callback, ...values) => start(callback, 0, values, false),
  clearTimeout: stop,
  clearInterval: stop,
  clearImmediate: stop,
};
for (const [name, value] of Object.entries(functions)) {
  Object.defineProperty(user, name, { value, writable: true, configurable: true });
}
