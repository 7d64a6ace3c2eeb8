// tries: arrays that change while they are sorted, spliced and joined
// attack: 101, 39
// limits: wall_ms 2_000
// ends: succeeded or exception
const a = [3, 1, 2, 5, 4];
const shrink = () => { a.length = 0; for (let i = 0; i < 100; i++) a.push(i); a.length = 1; return 0; };
for (const use of [() => a.sort(shrink), () => a.map(shrink), () => a.splice({ valueOf: shrink }, 3), () => a.join({ toString: shrink }), () => a.indexOf(1, { valueOf: shrink }), () => a.concat({ length: 2 ** 53, [Symbol.isConcatSpreadable]: true }), () => a.flatMap(shrink), () => a.fill(0, { valueOf: shrink }), () => Array.from({ length: 3, get 0() { return shrink(); } })]) {
  try { a.push(1, 2, 3, 4, 5); use(); } catch (error) {}
}
