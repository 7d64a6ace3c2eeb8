//! Kernels that go elsewhere as a file.

use super::*;

promises! {
    an_exported_kernel_goes_on_elsewhere_and_only_in_its_own_project
}

fn an_exported_kernel_goes_on_elsewhere_and_only_in_its_own_project(make: fn() -> Ground) {
    let (here, there) = (make(), make());
    let (a, b) = (kernel(1), kernel(2));
    let (here, there) = (here.store(50), there.store(50));
    assert!(matches!(here.export(a, &key()), Err(StoreError::Nothing)));
    here.append(a, &key(), None, b"full").unwrap();
    here.append(a, &key(), Some(1), b"delta").unwrap();
    here.fork(a, &key(), None, &[b]).unwrap();
    here.append(b, &key(), Some(1), b"more").unwrap();
    let file = here.export(b, &key()).unwrap();
    let state = [b"full".to_vec(), b"delta".to_vec(), b"more".to_vec()];

    for len in 0..file.len() {
        assert!(
            matches!(there.import(a, &key(), &file[..len]), Err(StoreError::NotAnExport)),
            "{len}"
        );
    }
    for index in 0..file.len() {
        let mut altered = file.clone();
        altered[index] ^= 1;
        assert!(matches!(there.import(a, &key(), &altered), Err(StoreError::NotAnExport)), "{index}");
        let body = altered.len() - 32;
        if index < body {
            let hash = blake3::hash(&altered[..body]);
            altered[body..].copy_from_slice(hash.as_bytes());
            assert!(there.import(a, &key(), &altered).is_err(), "{index}");
        }
    }
    let foreign = there.import(a, &ProjectKey::new([8; 32]), &file);
    assert!(matches!(
        foreign,
        Err(StoreError::Sealed {
            why: SealError::Foreign,
            ..
        })
    ));
    assert_eq!(there.newest(a).unwrap(), None);

    there.import(a, &key(), &file).unwrap();
    assert_eq!(there.read(a, &key()).unwrap().objects, state);
    assert_eq!(there.append(a, &key(), Some(3), b"on").unwrap(), 4);
    assert!(matches!(there.import(a, &key(), &file), Err(StoreError::Exists)));
}
