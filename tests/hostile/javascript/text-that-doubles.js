// tries: a text that doubles for ever
// attack: 101
// limits: memory_bytes 134_217_728, wall_ms 5_000
// ends: exception or MemoryLimit or WallLimit
let x = 'x';
for (;;) x += x + 1;
