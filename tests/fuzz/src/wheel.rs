//! Wheels, as an environment image takes them in.

use selvedge_environment::{Wheel, archive};

/// No name that is taken leads out of the folder that it is put into, and none comes twice.
pub fn check(bytes: &[u8]) {
    let names = archive::unpack(bytes).map(|entries| entries.into_iter().map(|entry| entry.name).collect::<Vec<_>>());
    let wheel = Wheel::read("fuzz-1.0-py3-none-any.whl", bytes).map(|wheel| wheel.files.into_keys().collect::<Vec<_>>());
    for names in [names.unwrap_or_default(), wheel.unwrap_or_default()] {
        let count = names.len();
        for name in &names {
            assert!(!name.starts_with('/') && !name.contains('\\') && !name.contains('\0'), "{name:?}");
            assert!(name.split('/').all(|part| !matches!(part, "" | "." | "..")), "{name:?}");
        }
        assert_eq!(names.into_iter().collect::<std::collections::HashSet<_>>().len(), count);
    }
}
