// tries: proxies in proxies, and traps that lie
// attack: 101
// limits: wall_ms 1_500
// ends: succeeded or exception or WallLimit
let proxy = {};
for (let i = 0; i < 100000; i++) proxy = new Proxy(proxy, {});
try { proxy.x; } catch (error) { console.log(error.name); }
const liar = new Proxy([], { get: () => liar, has: () => true, ownKeys: () => ['a', 'a'], getPrototypeOf: () => liar, getOwnPropertyDescriptor: () => ({ value: liar, configurable: true }) });
for (const use of [() => Object.keys(liar), () => JSON.stringify(liar), () => liar instanceof Array, () => `${liar}`, () => [...liar], () => console.log(liar), () => structuredClone(liar)]) {
  try { use(); } catch (error) {}
}
