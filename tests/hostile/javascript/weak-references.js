// tries: finalizers that bring things back
// attack: 101, 37
// limits: wall_ms 1_500
// ends: succeeded or exception or WallLimit
globalThis.kept2 = [];
const registry = new FinalizationRegistry((held) => { kept2.push(held); registry.register({}, held); });
for (let i = 0; i < 10000; i++) { registry.register({ i }, i); new WeakRef({}); new WeakMap([[{}, i]]); }
