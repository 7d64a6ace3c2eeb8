// tries: generators that run themselves and never end
// attack: 101
// limits: wall_ms 2_000
// ends: succeeded or exception
function* g() { try { it.next(); } catch (error) {} try { yield 1; } finally { yield 2; it.return(); } }
const it = g();
for (const use of [() => it.next(), () => it.throw(1), () => it.return(), () => [...it], () => { const [a, b, ...c] = g(); }]) {
  try { use(); } catch (error) {}
}
async function* ag() { yield* ag(); }
try { await ag().next(); } catch (error) {}
