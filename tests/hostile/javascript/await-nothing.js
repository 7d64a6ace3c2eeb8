// tries: awaiting what never comes
// attack: 101, 19
// limits: wall_ms 1_000
// ends: WallLimit or exception
await new Promise(() => {});
