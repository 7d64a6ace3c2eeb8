// tries: buffers whose sizes wrap around
// attack: 101
// limits: memory_bytes 134_217_728, wall_ms 5_000
// ends: succeeded
// shows: held
let made = 0;
for (const size of [2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 53, -1, NaN, 1e308]) {
  for (const make of [(n) => new ArrayBuffer(n), (n) => new Float64Array(n), (n) => new Array(n), (n) => 'x'.padEnd(n), (n) => new DataView(new ArrayBuffer(8), n), (n) => new Uint8Array(8).subarray(n)[0]]) {
    try { make(size); made++; } catch (error) {}
  }
}
console.log('held');
