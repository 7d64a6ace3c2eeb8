// tries: dropping what is a million deep
// attack: 102
// limits: memory_bytes 268_435_456, wall_ms 10_000
// ends: succeeded or exception or MemoryLimit
let x = null;
for (let i = 0; i < 1e6; i++) x = { x };
x = null;
