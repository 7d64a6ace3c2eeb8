// tries: printing for ever
// attack: 101, 60
// limits: wall_ms 700
// ends: WallLimit
for (;;) console.log('x'.repeat(100000));
