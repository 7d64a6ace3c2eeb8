// tries: texts of a gigabyte
// attack: 101
// limits: memory_bytes 134_217_728, wall_ms 5_000
// ends: exception or MemoryLimit or WallLimit
'x'.repeat(2 ** 30) + 'x'.repeat(2 ** 30);
