// tries: a number of a hundred million digits
// attack: 101, 5
// limits: wall_ms 700, memory_bytes 134_217_728
// ends: WallLimit or exception or MemoryLimit
3n ** 100000000n;
