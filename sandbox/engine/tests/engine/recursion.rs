use crate::lab::Lab;
use selvedge_engine::Status;

/// Each must raise something that Python can catch, and leave the kernel as it is.
const DEEP: &[&str] = &[
    "def f(): f()\nf()",
    "import sys\nsys.setrecursionlimit(10**6)\ndef f(): f()\nf()",
    "x = []\nfor _ in range(100_000): x = [x]\nrepr(x)",
    "class R:\n    def __repr__(self): return repr(self)\nrepr(R())",
    "class E:\n    def __eq__(self, other): return self == other\nE() == E()",
    "class G:\n    def __getattr__(self, name): return getattr(self, name + 'x')\nG().a",
    "class H:\n    def __hash__(self): return hash(self)\nhash(H())",
    "eval('(' * 100_000 + ')' * 100_000)",
    "eval('[' * 5_000 + ']' * 5_000)",
    "eval('-' * 5_000 + '1' + ' +' )",
    "import json\njson.loads('[' * 100_000)",
    "import copy\nx = []\nfor _ in range(100_000): x = [x]\ncopy.deepcopy(x)",
    "def k(x): return sorted([1, 2], key=k)\nk(1)",
    "import functools\n@functools.lru_cache\ndef h(n): return h(n + 1)\nh(0)",
];

#[tokio::test]
async fn runaway_recursion_is_an_exception_and_the_kernel_lives() {
    let mut lab = Lab::new().await;
    lab.run("kept = 41").await;
    for code in DEEP {
        let seen = lab.run(code).await;
        assert_eq!(seen.end.status, Status::Failed, "{code}: {:?}", seen.end);
        lab.is_contained(code, &seen, &["RecursionError", "SyntaxError", "MemoryError"])
            .await;
    }
}

/// Python itself gives up on these in one way or another. Here they may end the instance, never more than that.
#[tokio::test]
async fn what_is_too_deep_for_the_interpreter_is_contained() {
    let mut lab = Lab::new().await;
    let sources = [
        "(".repeat(100_000),
        format!("{}1{}", "(".repeat(3_000), ")".repeat(3_000)),
        format!("{}1", "-".repeat(100_000)),
        format!("{}1", "not ".repeat(50_000)),
        "g = (i for i in [1])\nfor _ in range(20_000): g = (i for i in g)\nnext(g)".to_owned(),
        "x = None\nfor _ in range(1_000_000): x = (x,)\ndel x\n1 / 0".to_owned(),
    ];
    for source in sources {
        let seen = lab.run(&source).await;
        assert_eq!(seen.end.status, Status::Failed, "{}", &source[..10]);
        let failure = seen.failure();
        println!("{:?}… {}: {}", &source[..10], failure.kind, failure.message);
        assert_eq!(lab.kernel.usable(), failure.kind != "Crash", "{failure:?}");
        if !lab.kernel.usable() {
            assert!(failure.message.contains("recursed too deeply"), "{failure:?}");
            lab.kernel = lab.engine.start([2; 32]).await.unwrap();
        }
        assert_eq!(lab.value("1").await, "1");
    }
}

#[tokio::test]
async fn ordinary_recursion_has_room() {
    let mut lab = Lab::new().await;
    assert_eq!(
        lab.value("def depth(n): return 0 if n == 0 else 1 + depth(n - 1)\ndepth(900)")
            .await,
        "900"
    );
    assert_eq!(lab.value("x = []\nfor _ in range(500): x = [x]\nlen(repr(x))").await, "1002");
}
