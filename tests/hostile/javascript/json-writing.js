// tries: writing JSON that is a hundred thousand lists deep
// attack: 102
// limits: wall_ms 1_500
// ends: exception or succeeded or WallLimit
let x = [];
for (let i = 0; i < 100000; i++) x = [x];
JSON.stringify(x);
