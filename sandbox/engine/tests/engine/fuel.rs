use crate::lab::{Lab, Seen, limits, run_in};
use selvedge_engine::{CancelToken, Engine};

const SETUP: &str = "words = {str(i): [i] * (i % 5) for i in range(2_000)}\nclass P:\n    def __init__(self, n): self.n = n\npoints = [P(i) for i in range(500)]";
const WORK: &str = "total = 0\nfor k, v in words.items():\n    total += len(k) * len(v)\nfor i in range(3_000):\n    words[f'n{i}'] = [P(i)]\nimport json\nlen(json.dumps({k: len(v) for k, v in words.items()})), total, sorted(words)[:3]";

async fn fresh(engine: &Engine, seed: u8) -> Seen {
    let mut kernel = engine.start([seed; 32]).await.unwrap();
    run_in(&mut kernel, SETUP, None, limits(), &CancelToken::new()).await;
    run_in(&mut kernel, WORK, None, limits(), &CancelToken::new()).await
}

#[tokio::test]
async fn the_same_program_burns_the_same_fuel_each_time_and_after_a_restore() {
    let mut lab = Lab::new().await;
    let first = fresh(&lab.engine, 1).await;
    assert!(first.end.fuel > 1_000_000, "{:?}", first.end);
    for seed in [1, 2, 3] {
        let again = fresh(&lab.engine, seed).await;
        assert_eq!((again.end.fuel, again.value()), (first.end.fuel, first.value()));
    }
    lab.run(SETUP).await;
    let checkpoint = lab.kernel.checkpoint().unwrap();
    let live = lab.run(WORK).await;
    assert_eq!(live.end.fuel, first.end.fuel);
    let mut restored = lab.engine.restore(&checkpoint, [9; 32]).await.unwrap();
    let after = run_in(&mut restored, WORK, None, limits(), &CancelToken::new()).await;
    assert_eq!((after.end.fuel, after.value()), (first.end.fuel, first.value()));
}
