//! Wheels as they are, and as somebody would make them who wants out of the folder that they are unpacked to.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test that cannot go on has failed"
)]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use selvedge_environment::{Packages, Refusal, Wheel, archive};
use sha2::{Digest as _, Sha256};
use std::io::Write as _;

/// One file of an archive that is made by hand, so that anything in it can be a lie.
#[derive(Clone)]
struct Made {
    name: String,
    local_name: String,
    content: Vec<u8>,
    packed: Vec<u8>,
    method: u16,
    flags: u16,
    mode: u32,
    unpacked: u32,
    crc: u32,
    /// Lies where the entry of this number lies.
    at: Option<usize>,
}

fn stored(name: &str, content: &[u8]) -> Made {
    Made {
        name: name.to_owned(),
        local_name: name.to_owned(),
        content: content.to_vec(),
        packed: content.to_vec(),
        method: 0,
        flags: 0,
        mode: 0o100_644,
        unpacked: content.len() as u32,
        crc: crc32fast::hash(content),
        at: None,
    }
}

fn deflated(name: &str, content: &[u8]) -> Made {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    Made {
        packed: encoder.finish().unwrap(),
        method: 8,
        ..stored(name, content)
    }
}

fn zip(files: &[Made]) -> Vec<u8> {
    let (mut bytes, mut list, mut places) = (Vec::new(), Vec::new(), Vec::new());
    for file in files {
        let at = file.at.map_or(bytes.len(), |index| places[index]) as u32;
        places.push(at as usize);
        let sizes = [file.crc, file.packed.len() as u32, file.unpacked];
        if file.at.is_none() {
            bytes.extend(0x0403_4b50_u32.to_le_bytes());
            bytes.extend([20, file.flags, file.method, 0, 0].iter().flat_map(|half| half.to_le_bytes()));
            bytes.extend(sizes.iter().flat_map(|word| word.to_le_bytes()));
            bytes.extend([file.local_name.len() as u16, 0].iter().flat_map(|half| half.to_le_bytes()));
            bytes.extend(file.local_name.as_bytes());
            bytes.extend(&file.packed);
        }
        list.extend(0x0201_4b50_u32.to_le_bytes());
        list.extend(
            [0x0314, 20, file.flags, file.method, 0, 0]
                .iter()
                .flat_map(|half: &u16| half.to_le_bytes()),
        );
        list.extend(sizes.iter().flat_map(|word| word.to_le_bytes()));
        list.extend([file.name.len() as u16, 0, 0, 0, 0].iter().flat_map(|half| half.to_le_bytes()));
        list.extend((file.mode << 16).to_le_bytes());
        list.extend(at.to_le_bytes());
        list.extend(file.name.as_bytes());
    }
    let at = bytes.len() as u32;
    bytes.extend(&list);
    bytes.extend(0x0605_4b50_u32.to_le_bytes());
    bytes.extend(
        [0, 0, files.len() as u16, files.len() as u16]
            .iter()
            .flat_map(|half| half.to_le_bytes()),
    );
    bytes.extend([list.len() as u32, at].iter().flat_map(|word| word.to_le_bytes()));
    bytes.extend([0, 0]);
    bytes
}

const NAME: &str = "toy-1.0-py3-none-any.whl";

/// A wheel with these files and a true record of them.
fn wheel(files: &[Made]) -> Vec<u8> {
    let mut files = files.to_vec();
    files.push(stored(
        "toy-1.0.dist-info/WHEEL",
        b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    ));
    let record: String = files
        .iter()
        .map(|file| {
            format!(
                "{},sha256={},{}\n",
                file.name,
                URL_SAFE_NO_PAD.encode(Sha256::digest(&file.content)),
                file.content.len()
            )
        })
        .collect();
    files.push(deflated(
        "toy-1.0.dist-info/RECORD",
        (record + "toy-1.0.dist-info/RECORD,,\n").as_bytes(),
    ));
    zip(&files)
}

#[test]
fn a_wheel_puts_its_modules_where_they_are_imported_from_and_leaves_programs_out() {
    let bytes = wheel(&[
        deflated("toy/__init__.py", b"x = 1\n"),
        stored("toy/data.txt", b""),
        stored("single.py", b"y = 2\n"),
        stored("toy-1.0.data/scripts/run", b"#!/bin/sh\n"),
        stored("toy-1.0.data/purelib/more/__init__.py", b""),
    ]);
    let wheel = Wheel::read(NAME, &bytes).unwrap();
    assert_eq!((wheel.name.as_str(), wheel.version.as_str()), ("toy", "1.0"));
    assert_eq!(wheel.modules().collect::<Vec<_>>(), ["more", "single", "toy"]);
    assert_eq!(wheel.files["toy/__init__.py"], b"x = 1\n");
    assert!(!wheel.files.keys().any(|path| path.contains("run")), "{:?}", wheel.files.keys());
    let mut packages = Packages::default();
    packages.install(wheel).unwrap();
    assert_eq!(packages.tree().unwrap().count(), 11);
}

/// Made by a change to a file of an otherwise good wheel, and a word of what is said about it.
#[test]
fn an_archive_that_could_harm_is_refused_whatever_the_trick() {
    let good = stored("toy/a.py", b"pass\n");
    let named = |name: &str| stored(name, b"pass\n");
    let zeros = vec![0; 4 << 20];
    let cases: Vec<(&str, Vec<Made>)> = vec![
        ("leads out", vec![named("../evil.py")]),
        ("leads out", vec![named("toy/../../evil.py")]),
        ("leads out", vec![named("/etc/passwd")]),
        ("leads out", vec![named("toy//a.py")]),
        ("leads out", vec![named("./a.py")]),
        ("leads out", vec![named("C:\\evil.py")]),
        ("leads out", vec![named("toy\\..\\evil.py")]),
        ("leads out", vec![named("toy/\0.py")]),
        ("leads out", vec![named(&format!("toy/{}.py", "a".repeat(300)))]),
        ("leads out", vec![named("")]),
        ("twice", vec![good.clone(), good.clone()]),
        ("twice", vec![good.clone(), named("toy/A.py")]),
        ("twice", vec![named("toy/é.py"), named("toy/É.py")]),
        ("file and a folder", vec![named("toy"), good.clone()]),
        (
            "link",
            vec![Made {
                mode: 0o120_777,
                ..named("toy/link")
            }],
        ),
        (
            "link",
            vec![Made {
                mode: 0o020_666,
                ..named("toy/device")
            }],
        ),
        ("encrypted", vec![Made { flags: 1, ..good.clone() }]),
        (
            "unusual way",
            vec![Made {
                method: 14,
                ..good.clone()
            }],
        ),
        (
            "another name",
            vec![Made {
                local_name: "toy/b.py".to_owned(),
                ..good.clone()
            }],
        ),
        ("damaged", vec![Made { crc: 7, ..good.clone() }]),
        (
            "damaged",
            vec![Made {
                packed: vec![0xff; 20],
                method: 8,
                ..good.clone()
            }],
        ),
        (
            "not as long",
            vec![Made {
                unpacked: 4,
                ..deflated("toy/a.py", b"pass\n")
            }],
        ),
        (
            "not as long",
            vec![Made {
                unpacked: 9,
                ..good.clone()
            }],
        ),
        ("times its size", vec![deflated("toy/zeros", &zeros)]),
    ];
    for (word, files) in cases {
        let names: Vec<_> = files.iter().map(|file| file.name.clone()).collect();
        let refusal = Wheel::read(NAME, &wheel(&files)).unwrap_err();
        let said = refusal.to_string();
        assert!(matches!(refusal, Refusal::Archive { .. }), "{names:?}: {said}");
        assert!(said.contains(word), "{names:?}: {said}");
        assert!(said.contains(NAME) && said.contains("nothing of it was installed"), "{said}");
    }
}

#[test]
fn files_that_share_bytes_are_refused() {
    // The second file's local header lies inside the first one's content.
    let inner = stored("b.py", b"pass\n");
    let local = zip(std::slice::from_ref(&inner));
    let outer = stored("a.bin", &local);
    let mut bytes = zip(&[outer, Made { at: Some(0), ..inner }]);
    let begin = 30 + "a.bin".len() as u32;
    let list = bytes.len() - 22 - (46 + "b.py".len());
    bytes[list + 42..list + 46].copy_from_slice(&begin.to_le_bytes());
    assert_eq!(archive::unpack(&bytes).unwrap_err(), "its files overlap");
}

#[test]
fn more_than_the_bounds_is_refused_and_the_bounds_themselves_are_not() {
    let many = |count: usize| (0..count).map(|index| stored(&format!("m{index}.py"), b"")).collect::<Vec<_>>();
    assert_eq!(
        archive::unpack(&zip(&many(archive::ENTRIES_MAX))).unwrap().len(),
        archive::ENTRIES_MAX
    );
    assert!(
        archive::unpack(&zip(&many(archive::ENTRIES_MAX + 1)))
            .unwrap_err()
            .contains("files, more than")
    );

    // A size is believed only as far as refusing it: the bytes need not be there.
    let claims = |unpacked: u64| Made {
        unpacked: unpacked as u32,
        packed: vec![0; unpacked.div_ceil(archive::RATIO_MAX) as usize],
        ..stored("big", b"")
    };
    let over = zip(&[claims(archive::UNPACKED_BYTES_MAX), stored("x", b"1")]);
    assert!(archive::unpack(&over).unwrap_err().contains("would unpack to"));
    let at = zip(&[claims(archive::UNPACKED_BYTES_MAX)]);
    assert!(archive::unpack(&at).unwrap_err().contains("not as long"));

    let small = deflated("zeros", &vec![0; archive::RATIO_FREE_BYTES as usize]);
    assert_eq!(
        archive::unpack(&zip(&[small])).unwrap()[0].bytes.len() as u64,
        archive::RATIO_FREE_BYTES
    );
}

#[test]
fn every_cut_and_what_is_put_before_or_behind_is_refused() {
    let bytes = wheel(&[deflated("toy/a.py", b"pass\npass\npass\n")]);
    assert!(Wheel::read(NAME, &bytes).is_ok());
    for len in 0..bytes.len() {
        assert!(Wheel::read(NAME, &bytes[..len]).is_err(), "cut at {len}");
    }
    for other in [
        [&bytes[..], b"x"].concat(),
        [b"x", &bytes[..]].concat(),
        [&bytes[..], &bytes[..]].concat(),
    ] {
        assert!(Wheel::read(NAME, &other).is_err());
    }
}

#[test]
fn native_code_is_refused_with_the_reason_however_it_is_hidden() {
    let good = wheel(&[stored("toy/a.py", b"")]);
    let said = |name: &str, bytes: &[u8]| match Wheel::read(name, bytes) {
        Err(refusal @ Refusal::Native { .. }) => refusal.to_string(),
        other => panic!("{name}: {other:?}"),
    };
    for name in [
        "toy-1.0-cp314-cp314-manylinux_2_17_x86_64.whl",
        "toy-1.0-py3-none-linux_x86_64.whl",
        "toy-1.0-cp314-abi3-any.whl",
        "toy-1.0-py2-none-any.whl",
    ] {
        let said = said(name, &good);
        assert!(said.contains("native code") && said.contains("pure Python"), "{said}");
    }
    for file in [
        "toy/_fast.cpython-314-x86_64-linux-gnu.so",
        "toy/_fast.PYD",
        "toy/lib.so.1",
        "toy/x.dll",
    ] {
        said(NAME, &wheel(&[stored(file, b"\x7fELF")]));
    }
    let mut impure = stored("toy-1.0.dist-info/WHEEL", b"Root-Is-Purelib: false\n");
    let record = format!(
        "{},sha256={},1\n",
        impure.name,
        URL_SAFE_NO_PAD.encode(Sha256::digest(&impure.content))
    );
    impure.mode = 0;
    said(NAME, &zip(&[impure, stored("toy-1.0.dist-info/RECORD", record.as_bytes())]));
}

#[test]
fn a_file_that_the_record_does_not_name_or_names_otherwise_is_refused() {
    let info = stored("toy-1.0.dist-info/WHEEL", b"Root-Is-Purelib: true\n");
    let line = |file: &Made| format!("{},sha256={},1\n", file.name, URL_SAFE_NO_PAD.encode(Sha256::digest(&file.content)));
    let module = stored("toy.py", b"x = 1\n");
    let with = |record: String| zip(&[info.clone(), module.clone(), stored("toy-1.0.dist-info/RECORD", record.as_bytes())]);
    assert!(Wheel::read(NAME, &with(line(&info) + &line(&module))).is_ok());
    for (record, word) in [
        (line(&info), "is not in its RECORD"),
        (line(&info) + &line(&stored("toy.py", b"x = 2\n")), "is not what its RECORD says"),
        (line(&info) + "toy.py,,\n", "is not what its RECORD says"),
        ("nonsense".to_owned(), "cannot be read"),
    ] {
        let said = Wheel::read(NAME, &with(record)).unwrap_err().to_string();
        assert!(said.contains(word), "{said}");
    }
}

#[test]
fn two_packages_may_share_a_file_only_if_it_is_the_same() {
    let package = |path: &str, text: &[u8]| Wheel::read(NAME, &wheel(&[stored(path, text)])).unwrap();
    // The wheels' own descriptions are the same path with other contents: those of two packages never are.
    let strip = |mut wheel: Wheel| {
        wheel.files.retain(|path, _| !path.contains("dist-info"));
        wheel
    };
    let mut packages = Packages::default();
    packages.install(strip(package("space/__init__.py", b""))).unwrap();
    packages.install(strip(package("space/__init__.py", b""))).unwrap();
    for (path, text) in [("space/__init__.py", &b"x"[..]), ("Space/__init__.py", b"")] {
        let refusal = packages.clone().install(strip(package(path, text))).unwrap_err();
        assert!(matches!(refusal, Refusal::Twice(ref there) if there == path), "{refusal}");
    }
}
