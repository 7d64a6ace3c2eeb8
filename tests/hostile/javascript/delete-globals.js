// tries: a world without globals
// attack: 101, 78
// ends: succeeded or exception or Crash
for (const name of Object.getOwnPropertyNames(globalThis)) {
  try { delete globalThis[name]; } catch (error) {}
}
