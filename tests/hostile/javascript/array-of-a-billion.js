// tries: an array of a billion elements, filled
// attack: 101
// limits: wall_ms 5_000, memory_bytes 134_217_728
// ends: exception or MemoryLimit or WallLimit
new Array(1e9).fill(7);
