use crate::lab::Lab;
use selvedge_engine::Status;

#[tokio::test]
async fn what_the_bytecode_loop_calls_looks_called() {
    let mut lab = Lab::new().await;
    let seen = lab.run(include_str!("frames.py")).await;
    assert_eq!(seen.end.status, Status::Succeeded, "{:?}", seen.end);
}
