// tries: a regular expression that backtracks for ever
// attack: 101
// limits: wall_ms 500
// ends: WallLimit or exception
/(a+)+$/.exec('a'.repeat(40) + 'b');
