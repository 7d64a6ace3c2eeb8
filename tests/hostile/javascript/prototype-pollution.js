// tries: changing the prototypes that the kernel's own code relies on
// attack: 101, 78
// ends: succeeded or exception or Crash
// spoils: its kernel
Object.prototype.text = Object.prototype.data = Object.prototype.then = Object.prototype.toJSON = () => 'polluted';
Array.prototype.push = Array.prototype.map = Array.prototype.join = () => { throw 1; };
JSON.stringify = JSON.parse = String = Error = Promise = undefined;
Object.defineProperty(Object.prototype, 'get', { get() { throw 2; }, configurable: true });
