// tries: throwing what is no error
// attack: 101, 80
// ends: exception
throw new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 2; } });
