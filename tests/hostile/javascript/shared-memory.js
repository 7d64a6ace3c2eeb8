// tries: shared memory and clocks made of it
// attack: 101, timing
// limits: wall_ms 2_000
// ends: succeeded
// shows: held
let waited = false;
try { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1e9); waited = true; } catch (error) {}
let worker = false;
try { new Worker('x'); worker = true; } catch (error) {}
console.log(waited || worker ? 'there' : 'held');
