// tries: things that only look like promises
// attack: 101
// limits: wall_ms 1_000
// ends: succeeded or exception or WallLimit
await { then(done) { done({ then(done) { done({ then(done) { throw done; } }); } }); } };
