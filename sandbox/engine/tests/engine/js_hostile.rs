//! JavaScript that attacks its interpreter, its limits or its neighbours.

use crate::js_lab::{engine, lab};
use crate::lab::{limits, run_in};
use selvedge_engine::{CancelToken, Limits, Status};

fn short() -> Limits {
    Limits { wall_ms: 300, ..limits() }
}

#[tokio::test]
async fn what_never_ends_is_stopped_and_the_kernel_goes_back() {
    let mut lab = lab().await;
    lab.run("let kept = 41").await;
    let checkpoint = lab.kernel.checkpoint().unwrap();
    for code in [
        "kept = 0; while (true);",
        "/^(a+)+$/.test('a'.repeat(40) + 'b')",
        "const spin = () => Promise.resolve().then(spin); spin()",
        "const many = () => { for (let i = 0; i < 1000; i++) Promise.resolve().then(many) }; many()",
        "setInterval(() => {}, 1)",
        "setTimeout(() => {}, 1e9)",
        "new Proxy({}, { get(t, k, r) { while (true); } }).x",
        "[3, 1, 2].sort(() => { while (true); })",
        "JSON.stringify({ toJSON() { while (true); } })",
        "eval('for (;;);')",
        "for (const x of (function* () { while (true) yield 1 })());",
    ] {
        let seen = lab.run_with(code, None, short()).await;
        assert_eq!(seen.end.status, Status::TimedOut, "{code}: {:?}", seen.end);
        assert!(!lab.kernel.usable());
        lab.kernel = lab.engine.restore(&checkpoint, [3; 32]).await.unwrap();
        assert_eq!(lab.value("kept").await, "41", "{code}");
    }
    let fuel = Limits {
        fuel: 50_000_000,
        ..limits()
    };
    assert_eq!(lab.run_with("while (true);", None, fuel).await.failure().kind, "FuelLimit");
}

#[tokio::test]
async fn runaway_recursion_is_an_exception_and_the_kernel_lives() {
    let mut lab = lab().await;
    lab.run("let kept = 41").await;
    for code in [
        "function f() { f() }\nf()",
        "function g(...a) { return g(...a, 1) + 1 }\ng()",
        "const h = (n) => [n].map((x) => h(x + 1)); h(0)",
        "class R { get a() { return this.a } }\nnew R().a",
        "const p = new Proxy({}, { get(t, k, r) { return r[k] } }); p.x",
        "const q = { toString() { return `${this}` } }; `${q}`",
        "const j = { toJSON() { return JSON.stringify(j) } }; JSON.stringify(j)",
        "JSON.parse('['.repeat(1e6))",
        "JSON.parse('[' .repeat(1e5) + ']'.repeat(1e5))",
        "let n = []; for (let i = 0; i < 2e4; i++) n = [n]; JSON.stringify(n)",
        "let t = []; for (let i = 0; i < 1e6; i++) t = [t]; `${t}`",
        "let fl = []; for (let i = 0; i < 1e6; i++) fl = [fl]; fl.flat(Infinity)",
        "eval('('.repeat(1e5))",
        "eval('['.repeat(1e5) + ']'.repeat(1e5))",
        "eval('-'.repeat(1e5) + '1')",
        "eval('!'.repeat(1e6) + '1')",
        "eval('{'.repeat(1e5) + '}'.repeat(1e5))",
        "eval('a=>'.repeat(1e5) + '1')",
        "eval('`${'.repeat(1e4) + '}`'.repeat(1e4))",
        "eval('if(1)'.repeat(1e5) + '1')",
        "eval('x?'.repeat(1e5))",
        "new RegExp('('.repeat(1e5) + ')'.repeat(1e5))",
        "function s() { return [2, 1].sort(s) }\ns()",
        "function* y() { yield* y() }\n[...y()]",
        "function c() { return new c() }\nc()",
        "const b = () => Reflect.apply(b, null, []); b()",
        "let bound = () => 1; for (let i = 0; i < 1e6; i++) bound = bound.bind(null); bound()",
        "let proto = {}; for (let i = 0; i < 1e5; i++) proto = new Proxy(proto, {}); proto.x",
        "structuredClone((() => { let d = []; for (let i = 0; i < 1e6; i++) d = [d]; return d })())",
        "async function a() { await a() }\nawait a()",
    ] {
        // In a block, so that the next one finds the memory that this one took.
        let seen = lab.run(&format!("{{\n{code}\n}}")).await;
        // Some of these are deep and still possible.
        if seen.end.status == Status::Succeeded {
            lab.kept(code).await;
        } else {
            lab.is_contained(code, &seen, &["RangeError", "InternalError", "SyntaxError"]).await;
        }
    }
}

#[tokio::test]
async fn deep_structures_are_shown_collected_and_dropped() {
    let mut lab = lab().await;
    assert_eq!(
        lab.value("let deep = []; for (let i = 0; i < 1e6; i++) deep = [deep]; deep").await,
        "[ [ [ [Array] ] ] ]"
    );
    assert_eq!(lab.value("deep = null; 1").await, "1");
    assert_eq!(
        lab.value("let link = {}; for (let i = 0; i < 1e6; i++) link = { link, back: { link } }; link = null; 2")
            .await,
        "2"
    );
    assert_eq!(
        lab.value("let chain = Promise.resolve(0); for (let i = 0; i < 1e5; i++) chain = chain.then((n) => n + 1); await chain")
            .await,
        "100000"
    );
    assert_eq!(lab.value("let depth = (n) => n ? 1 + depth(n - 1) : 0; depth(5000)").await, "5000");
}

#[tokio::test]
async fn what_does_not_fit_into_memory_is_an_exception_wherever_possible() {
    let mut lab = lab().await;
    lab.run("let kept = 41").await;
    let checkpoint = lab.kernel.checkpoint().unwrap();
    for code in [
        "'x'.repeat(2 ** 30)",
        "new Array(1e9).fill(0)",
        "new Uint8Array(2 ** 31)",
        "new ArrayBuffer(3e8)",
        "let s = 'x'; for (;;) s += s",
        "const a = []; for (;;) a.push('x'.repeat(1000) + a.length)",
        "const m = new Map(); for (let i = 0; ; i++) m.set(i, { i })",
        "const o = []; for (;;) o.push(new Uint8Array(1e6))",
        "const parts = []; for (;;) parts.push({ a: 1, b: [2] })",
        "await Promise.all(Array.from({ length: 1e7 }, async (_, i) => i))",
        "10n ** 10n ** 8n",
        "[].concat(...Array(1e4).fill(Array(1e5).fill(1)))",
    ] {
        let seen = lab.run(code).await;
        assert_eq!(seen.end.status, Status::Failed, "{code}: {:?}", seen.end);
        let kind = seen.failure().kind;
        println!("{code}: {kind} {}", seen.failure().message);
        assert!(
            ["InternalError", "RangeError", "MemoryLimit"].contains(&kind.as_str()),
            "{code}: {:?}",
            seen.failure()
        );
        assert_eq!(lab.kernel.usable(), kind != "MemoryLimit", "{code}");
        lab.kernel = lab.engine.restore(&checkpoint, [4; 32]).await.unwrap();
        assert_eq!(lab.value("kept").await, "41", "{code}");
    }
    let caught = lab
        .value("let caught; try { new Uint8Array(1e9) } catch (e) { caught = e.name }\n[caught, kept]")
        .await;
    assert!(caught == "[ 'RangeError', 41 ]" || caught == "[ 'InternalError', 41 ]", "{caught}");
    assert_eq!(
        lab.value("try { const all = []; for (;;) all.push(new Array(1000).fill(1)) } catch (e) { e instanceof InternalError }")
            .await,
        "true"
    );
}

#[tokio::test]
async fn memory_can_be_used_up_to_the_limit() {
    let mut lab = lab().await;
    let limits = Limits {
        memory_bytes: 512 << 20,
        ..limits()
    };
    let seen = lab.run_with("let large = new Uint8Array(300e6); large.length", None, limits).await;
    assert_eq!(seen.value(), "300000000");
    assert!(lab.kernel.memory_bytes() <= 512 << 20);
    assert_eq!(
        lab.run_with("new Uint8Array(300e6)", None, limits).await.failure().message,
        "out of memory"
    );
}

#[tokio::test]
async fn a_cell_that_attacks_what_runs_it_ends_and_the_next_one_runs() {
    for code in [
        "Array.prototype.push = Array.prototype.map = Array.prototype[Symbol.iterator] = null",
        "Object.prototype.toString = JSON.stringify = Map.prototype.get = String.prototype.split = RegExp.prototype.exec = null",
        "Object.defineProperty(Object.prototype, 'kind', { get() { throw 1 }, set() { throw 2 }, configurable: true })",
        "for (const key of ['then', 'value', 'get', 'enumerable', 'depth', 'length']) Object.defineProperty(Object.prototype, key, { value: 7, writable: true, configurable: true })",
        "Promise.prototype.then = Promise.resolve = null; globalThis.Promise = null",
        "for (const name of Object.getOwnPropertyNames(globalThis)) try { delete globalThis[name] } catch {}",
        "Object.freeze(globalThis)",
        "Object.setPrototypeOf(globalThis, null)",
        "globalThis.Error.prepareStackTrace = () => { throw 1 }; Error.stackTraceLimit = 0; null.x",
        "console.log.constructor('return globalThis')().handle = 5",
        "console.log.constructor('for (const k of Object.getOwnPropertyNames(globalThis)) try { globalThis[k] = null } catch {}')()",
        "Object.getPrototypeOf(console.log).call = null; console.log.__proto__.__proto__.toString = null",
        "const list = (await import('selvedge/rows')); try { list.read = 1 } catch {}",
        "let $selvedge_end = 1",
        "$selvedge_end = 1",
        "Symbol.for('Jupyter.display').description; Object.prototype[Symbol.for('Jupyter.display')] = () => { throw 1 }",
        "console = null; display = null; setTimeout = null",
        "throw { get message() { throw 1 }, toString() { throw 2 } }",
        "throw new Proxy(new Error('p'), { get() { throw 1 } })",
        "const e = new Error('x'); e.cause = e; throw e",
        "({ get [Symbol.for('Jupyter.display')]() { throw 1 } })",
        "new Function('return this')().undefined = 1; eval('var undefined1')",
    ] {
        let mut lab = lab().await;
        lab.is_attacked(code).await;
        let pure = lab.run("40 + 2").await;
        assert_eq!(pure.end.status, Status::Succeeded, "{code}: {pure:?}");
        assert!(
            lab.run("nothing_like_that").await.failure().message.contains("nothing_like_that"),
            "{code}"
        );
        assert!(lab.kernel.usable(), "{code}");
    }
}

#[tokio::test]
async fn output_is_kept_to_its_limit() {
    let mut lab = lab().await;
    let seen = lab
        .run_with(
            "for (let i = 0; i < 100_000; i++) console.log('x'.repeat(99))",
            None,
            Limits {
                output_bytes: 10_000,
                ..limits()
            },
        )
        .await;
    assert_eq!(
        (seen.end.status, seen.end.truncated, seen.stdout().len()),
        (Status::Succeeded, true, 10_000)
    );
    assert!(lab.kernel.usable());
}

#[tokio::test]
async fn randomness_is_of_the_kernel_and_new_after_a_restore() {
    const CODE: &str = "[Math.random(), crypto.randomUUID(), ...crypto.getRandomValues(new Uint32Array(2))].join(' ')";
    let engine = engine();
    let mut seen = Vec::new();
    for seed in [[1; 32], [2; 32], [1; 32]] {
        let mut kernel = engine.start(seed).await.unwrap();
        seen.push(run_in(&mut kernel, CODE, None, limits(), &CancelToken::new()).await.value());
    }
    assert!(seen[0].split(' ').zip(seen[1].split(' ')).all(|(a, b)| a != b), "{seen:?}");
    assert_eq!(seen[0], seen[2], "the seed decides everything");
    let mut kernel = engine.start([3; 32]).await.unwrap();
    run_in(
        &mut kernel,
        "let t = performance.now(), d = Date.now()",
        None,
        limits(),
        &CancelToken::new(),
    )
    .await;
    let checkpoint = kernel.checkpoint().unwrap();
    let mut forks = Vec::new();
    for seed in [4, 5] {
        let mut fork = engine.restore(&checkpoint, [seed; 32]).await.unwrap();
        forks.push(run_in(&mut fork, CODE, None, limits(), &CancelToken::new()).await.value());
        let clock = run_in(
            &mut fork,
            "performance.now() >= t && Date.now() >= d",
            None,
            limits(),
            &CancelToken::new(),
        )
        .await;
        assert_eq!(clock.value(), "true");
    }
    assert_ne!(forks[0], forks[1]);
}
