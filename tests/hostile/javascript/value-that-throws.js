// tries: a value that cannot be shown
// attack: 101, 67
// limits: wall_ms 1_000
// ends: succeeded or exception or WallLimit
({ get a() { throw 1; }, toString() { throw 2; }, toJSON() { throw 3; }, [Symbol.toStringTag]: { toString() { throw 4; } }, get constructor() { throw 5; } });
