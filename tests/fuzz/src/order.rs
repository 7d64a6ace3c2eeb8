//! Orders, as a node reads them: JSON, ids that become file names, keys.

use selvedge_protocol::{Order, id};

/// Whatever reads as an order reads as the same order after being written again, and no id that is accepted is anything but a name.
pub fn check(bytes: &[u8]) {
    let Ok(order) = serde_json::from_slice::<Order>(bytes) else {
        return;
    };
    let written = serde_json::to_vec(&order).unwrap_or_default();
    assert!(serde_json::from_slice::<Order>(&written).is_ok_and(|again| again == order));
    for name in [Some(&order.run), order.kernel.as_ref(), Some(&order.project)]
        .into_iter()
        .flatten()
    {
        if id::is_run(name) || id::is_kernel(name) {
            assert!(name.len() == 36 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
        }
    }
    assert!(!format!("{:?}", order.seal).contains(|letter: char| letter.is_ascii_digit()));
    let _ = order.seal.bytes();
}
