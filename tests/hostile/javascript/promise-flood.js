// tries: promises that make promises
// attack: 101
// limits: wall_ms 700, memory_bytes 134_217_728
// ends: WallLimit or MemoryLimit or exception
const again = () => Promise.resolve().then(again);
await Promise.all(Array.from({ length: 1000 }, again));
