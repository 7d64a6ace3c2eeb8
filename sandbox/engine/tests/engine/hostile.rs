//! Cells that attack their own interpreter. The kernel lives on, or says that it does not; nothing else is possible.

use crate::lab::{Lab, limits};
use selvedge_engine::{EventKind, Status};

/// After each of these the next cell runs.
const SURVIVED: &[&str] = &[
    "import sys; sys.modules.clear()",
    "import builtins; del builtins.__import__",
    "import sys; sys.stdout = None",
    "import sys; del sys.stdout, sys.stderr",
    "import json; json.dumps = json.loads = None; 1 / 0",
    "import __main__; __main__.__dict__.clear()",
    "import sys; sys.excepthook = sys.displayhook = sys.settrace = None; 1 / 0",
    "import linecache, traceback; linecache.cache = None; 1 / 0",
    "raise KeyboardInterrupt",
    "raise BaseException('b')",
    "import _selvedge; _selvedge.emit(4, '{'); _selvedge.emit(3, '[' * 100_000); _selvedge.emit(99, '')",
    "l = [3, 1, 2]; l.sort(key=lambda x: l.append(x))",
    "d = {1: 1}\nfor k in d: d[k + 1] = 1",
    "b = bytearray(10); m = memoryview(b); b.extend(b'x')",
    "class A:\n    def __del__(self): A()\nA()",
    "class A:\n    def __del__(self): len(l)\nl = [0]\nfor i in range(99): l[0] = A()",
    "import itertools; list(itertools.product(range(99), repeat=2**60))",
    "(0).to_bytes(2**60, 'big')",
    "import pickle; pickle.loads(b\"cos\\nsystem\\n(S'id'\\ntR.\")",
    "import os; os.close(0); os.close(1); os.close(2)",
    "import sys; sys.setrecursionlimit(1)",
];

#[tokio::test]
async fn a_cell_that_attacks_its_interpreter_ends_and_the_next_one_runs() {
    for code in SURVIVED {
        let mut lab = Lab::new().await;
        lab.is_attacked(code).await;
        let seen = lab.run("print(40 + 2)").await;
        assert_eq!(
            (seen.end.status, seen.stdout().as_str()),
            (Status::Succeeded, "42\n"),
            "{code}: {seen:?}"
        );
    }
}

#[tokio::test]
async fn bytecode_of_ones_own_can_crash_the_instance_and_nothing_else() {
    let mut lab = Lab::new().await;
    let seen = lab
        .run("def f(): pass\nf.__code__ = f.__code__.replace(co_code=bytes([100, 255] * 50))\nf()")
        .await;
    assert_eq!(seen.end.status, Status::Failed, "{seen:?}");
    assert!(
        !seen.failure().message.contains('/'),
        "no paths of the machine that built it: {:?}",
        seen.failure()
    );
    let mut next = lab.engine.start([2; 32]).await.unwrap();
    let seen = crate::lab::run_in(&mut next, "1", None, limits(), &selvedge_engine::CancelToken::new()).await;
    assert_eq!(seen.value(), "1");
}

#[tokio::test]
async fn what_is_written_past_python_comes_out_too() {
    let mut lab = Lab::new().await;
    let seen = lab.run("import os\nn = os.write(1, b'out') + os.write(2, b'err')").await;
    assert_eq!(
        (seen.stdout().as_str(), seen.text(EventKind::Stderr).as_str()),
        ("out", "err"),
        "{seen:?}"
    );
}
