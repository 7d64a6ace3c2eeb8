// tries: recursion through native code at every step
// attack: 102
// ends: succeeded
// shows: held
let kinds = new Set();
const a = [1]; a[0] = a;
const self = { get x() { return this.x; }, toString() { return `${this}`; }, valueOf() { return +this; }, toJSON() { return JSON.stringify(this); }, [Symbol.toPrimitive]() { return `${this}`; } };
for (const use of [() => self.x, () => `${self}`, () => +self, () => JSON.stringify(self), () => [3, 1].sort(function s() { return [2, 1].sort(s); }), () => 'a'.replace('a', function r() { return 'a'.replace('a', r); }), () => Reflect.apply(function g() { return Reflect.apply(g, null, []); }, null, []), () => [1].map(function m() { return [1].map(m); }), () => new (function F() { return new F(); })()]) {
  try { use(); kinds.add('done'); } catch (error) { kinds.add(error.name ?? typeof error); }
}
console.log('held');
