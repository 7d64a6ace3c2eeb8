// tries: importing the operating system
// attack: 101, 76
// limits: wall_ms 2_000
// ends: succeeded
// shows: nothing was found
// never: root:x:0
const found = [];
for (const name of ['std', 'os', 'fs', 'node:fs', 'child_process', 'qjs:std', 'qjs:os', 'bjson', '/etc/passwd', 'file:///etc/passwd', 'http://169.254.169.254/']) {
  try { await import(name); found.push(name); } catch (error) {}
}
for (const name of ['std', 'os', 'require', 'process', 'Deno', 'Bun', 'fetch', 'XMLHttpRequest', 'WebSocket', 'scriptArgs', 'loadFile', 'WebAssembly']) {
  if (typeof globalThis[name] !== 'undefined') found.push(name);
}
console.log(found.length ? found.join() : 'nothing was found');
