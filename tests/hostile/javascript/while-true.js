// tries: an endless loop
// attack: 101
// limits: wall_ms 500
// ends: WallLimit
while (true) {}
