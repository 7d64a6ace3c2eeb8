use crate::lab::{Lab, image_dir, limits, run_in};
use selvedge_engine::{CancelToken, Engine, Image, Kernel, KernelError, PoolSize, Status};

async fn value(kernel: &mut Kernel, code: &str) -> String {
    run_in(kernel, code, None, limits(), &CancelToken::new()).await.value()
}

const SMALL: &str = "x = [1]";
/// Enough for its pages to be shared instead of copied.
const BIG: &str = "x = [1]\nrows = [{'n': n, 'name': str(n)} for n in range(20_000)]";

#[tokio::test]
async fn forks_go_on_where_their_kernel_is_and_are_apart() {
    for made in [SMALL, BIG] {
        let mut lab = Lab::new().await;
        lab.run(made).await;
        let mut fork = lab.kernel.fork([7; 32]).await.unwrap();
        let mut of_the_fork = fork.fork([8; 32]).await.unwrap();
        assert_eq!(value(&mut fork, "x.append(2); x").await, "[1, 2]");
        let mut later = fork.fork([9; 32]).await.unwrap();
        assert_eq!(value(&mut of_the_fork, "x.append(3); x").await, "[1, 3]");
        assert_eq!(value(&mut later, "x.append(4); x").await, "[1, 2, 4]");
        drop(fork);
        assert_eq!(value(&mut later, "x").await, "[1, 2, 4]");
        assert_eq!(lab.value("x").await, "[1]");
    }
}

#[tokio::test]
async fn a_hundred_forks_of_a_big_kernel_each_change_their_own() {
    let engine = Engine::new(Image::open(&image_dir()).unwrap(), PoolSize::kernels(110)).unwrap();
    let kernel = engine.start([1; 32]).await.unwrap();
    let mut lab = Lab { engine, kernel };
    lab.run(BIG).await;
    let mut forks = Vec::new();
    for number in 0..100 {
        let mut fork = lab.kernel.fork([number; 32]).await.unwrap();
        run_in(
            &mut fork,
            &format!("for row in rows[::7]: row['n'] = {number}"),
            None,
            limits(),
            &CancelToken::new(),
        )
        .await;
        forks.push(fork);
    }
    for (number, fork) in forks.iter_mut().enumerate() {
        assert_eq!(
            value(fork, "rows[7]['n'], rows[8]['n'], len(rows)").await,
            format!("({number}, 8, 20000)")
        );
    }
    assert_eq!(lab.value("rows[7]['n']").await, "7");
}

#[tokio::test]
async fn forks_have_randomness_of_their_own_and_time_goes_on() {
    let mut lab = Lab::new().await;
    lab.run("import random, time\nt = time.monotonic()").await;
    let mut seen = Vec::new();
    for seed in [5, 6] {
        let mut fork = lab.kernel.fork([seed; 32]).await.unwrap();
        seen.push(value(&mut fork, "assert time.monotonic() >= t\nrandom.random()").await);
    }
    seen.push(lab.value("random.random()").await);
    assert!(seen[0] != seen[1] && seen[1] != seen[2] && seen[0] != seen[2], "{seen:?}");
}

#[tokio::test]
async fn forks_have_the_files() {
    let mut lab = Lab::new().await;
    lab.run("with open('kept', 'w') as file: file.write('a')").await;
    let mut fork = lab.kernel.fork([1; 32]).await.unwrap();
    assert_eq!(value(&mut fork, "open('kept', 'a').write('b'); open('kept').read()").await, "'ab'");
    assert_eq!(lab.value("open('kept').read()").await, "'a'");
}

#[tokio::test]
async fn an_idle_kernel_that_gave_its_memory_back_goes_on() {
    for made in [SMALL, BIG] {
        let mut lab = Lab::new().await;
        lab.run(made).await;
        lab.run("import random\nrandom.seed(3)\nhalf = iter(range(10))\nnext(half)\nopen('kept', 'w').write('a')")
            .await;
        let bytes = lab.kernel.memory_bytes();
        lab.kernel.trim().unwrap();
        lab.kernel.trim().unwrap();
        assert!(lab.kernel.usable() && lab.kernel.memory_bytes() == bytes);
        let mut fork = lab.kernel.fork([1; 32]).await.unwrap();
        let code = "x, next(half), open('kept').read(), round(random.random(), 6)";
        let expected = "([1], 1, 'a', 0.237965)";
        assert_eq!(value(&mut fork, code).await, expected, "a fork");
        assert_eq!(lab.value(code).await, expected, "itself");
        lab.kernel.trim().unwrap();
        assert_eq!(lab.value("x.append(2); x").await, "[1, 2]");
    }
}

#[tokio::test]
async fn a_kernel_that_was_stopped_is_not_forked_or_kept() {
    let mut lab = Lab::new().await;
    let seen = lab
        .run_with(
            "while True: pass",
            None,
            selvedge_engine::Limits {
                fuel: 1_000_000,
                ..limits()
            },
        )
        .await;
    assert_eq!(seen.end.status, Status::Failed);
    assert!(lab.kernel.fork([1; 32]).await.is_err());
    assert_eq!(lab.kernel.trim(), Err(KernelError::Unusable));
    assert!(!lab.kernel.usable());
}
