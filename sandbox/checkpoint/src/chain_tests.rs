use std::collections::BTreeMap;

use super::*;
use crate::page::PageBytes;
use crate::state::Registers;

const MODULE: Hash = [7; 32];

/// The same numbers for the same seed, everywhere.
struct Dice(blake3::OutputReader);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(blake3::Hasher::new().update(&seed.to_le_bytes()).finalize_xof())
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill(&mut bytes);
        bytes
    }

    fn below(&mut self, most: u64) -> u64 {
        u64::from_le_bytes(self.bytes()) % most
    }
}

/// A kernel as a test sees it: its memory in full, its files by name.
#[derive(Clone)]
struct Model {
    memory: BTreeMap<u32, Page>,
    registers: Registers,
    files: BTreeMap<u8, Vec<u8>>,
}

fn image() -> Vec<u8> {
    let mut dice = Dice::new(0);
    (0..12).flat_map(|_| dice.bytes::<PAGE_BYTES>()).collect()
}

impl Model {
    fn new() -> Self {
        Self {
            memory: BTreeMap::new(),
            registers: Registers {
                module: MODULE,
                memory_pages: 2,
                globals: vec![1, u64::MAX],
                monotonic: 0,
                entropy: 0,
            },
            files: BTreeMap::new(),
        }
    }

    /// A cell: writes here and there, sometimes what was there before.
    fn step(&mut self, dice: &mut Dice, image: &[u8]) {
        self.registers.monotonic += dice.below(1_000);
        self.registers.globals[0] = dice.below(1 << 40);
        if dice.below(4) == 0 {
            self.registers.memory_pages += 1;
        }
        for _ in 0..dice.below(6) {
            let number = u32::try_from(dice.below(u64::from(self.registers.memory_pages) << 4)).unwrap();
            let page: PageBytes = match dice.below(5) {
                0 => *image.page(number),
                1 => [u8::try_from(dice.below(3)).unwrap(); PAGE_BYTES],
                2 => dice.bytes(),
                _ => {
                    let mut page = self.memory.get(&number).map_or(*image.page(number), |page| **page);
                    page[usize::try_from(dice.below(4096)).unwrap()] ^= 1;
                    page
                }
            };
            self.memory.insert(number, Page::copy_of(&page));
        }
        let name = u8::try_from(dice.below(4)).unwrap();
        match dice.below(8) {
            0 => drop(self.files.remove(&name)),
            1 => drop(self.files.insert(name, dice.bytes::<100>().to_vec())),
            2 => drop(self.files.insert(name, vec![0; 200_000])),
            _ => {}
        }
    }

    /// Pages that are as in the image are left out by some who make states and by others not.
    fn state(&self, image: &[u8], all: bool) -> State {
        let different = |(number, page): &(&u32, &Page)| all || image.page(**number) != &***page;
        let pages = self.memory.iter().filter(different).map(|(number, page)| (*number, page.clone()));
        let tree: Vec<u8> = self
            .files
            .iter()
            .flat_map(|(name, bytes)| [&[*name], &bytes[..8]].concat())
            .collect();
        let blobs = self.files.values().flat_map(|bytes| bytes.chunks(crate::limits::BLOB_BYTES_MAX));
        let blobs = blobs.map(|bytes| Blob::new(Bytes::copy_from_slice(bytes)).unwrap());
        State {
            registers: self.registers.clone(),
            pages: Pages::new(pages.collect()).unwrap(),
            files: Files::new(tree.into(), blobs).unwrap(),
        }
    }
}

fn slices(objects: &[Vec<u8>]) -> Vec<&[u8]> {
    objects.iter().map(Vec::as_slice).collect()
}

#[test]
fn whatever_cells_do_the_objects_read_back_as_the_state() {
    let image = image();
    for seed in 0..40 {
        let mut dice = Dice::new(seed);
        let mut model = Model::new();
        let (mut chain, first) = Chain::begin(model.state(&image, false), &*image).unwrap();
        let mut objects = vec![first.bytes];
        for step in 0..40 {
            model.step(&mut dice, &image);
            let packed = chain.append(model.state(&image, dice.below(2) == 0), &*image).unwrap();
            if !packed.is_delta {
                objects.clear();
            }
            objects.push(packed.bytes);
            if dice.below(6) == 0 {
                // A rewind to what is: an object that says nothing.
                objects.push(Vec::new());
            }
            let read = Chain::read(&slices(&objects), &MODULE, &*image).unwrap();
            assert_eq!(read.state(), &model.state(&image, false), "seed {seed}, step {step}");
            match dice.below(4) {
                // The kernel is idle and small.
                0 => chain.slim(),
                // The kernel was put to sleep and woken.
                1 => chain = read,
                _ => {}
            }
        }
    }
}

#[test]
fn a_chain_is_begun_anew_before_waking_gets_long() {
    let image = image();
    let mut dice = Dice::new(1);
    let mut model = Model::new();
    model.memory.insert(1, Page::copy_of(&dice.bytes()));
    let (mut chain, _) = Chain::begin(model.state(&image, false), &*image).unwrap();
    let deltas = (0..).take_while(|_| chain.append(model.state(&image, false), &*image).unwrap().is_delta);
    assert_eq!(deltas.count(), usize::from(DEPTH_MAX));
    // Much that changes again and again: by bytes, not by number.
    let noise = |dice: &mut Dice, model: &mut Model| {
        for number in 0..20 {
            model.memory.insert(number, Page::copy_of(&dice.bytes()));
        }
    };
    noise(&mut dice, &mut model);
    let (mut chain, full) = Chain::begin(model.state(&image, false), &*image).unwrap();
    let mut bytes = full.bytes.len();
    loop {
        noise(&mut dice, &mut model);
        let packed = chain.append(model.state(&image, false), &*image).unwrap();
        if !packed.is_delta {
            break;
        }
        bytes += packed.bytes.len();
    }
    assert!(bytes <= full.bytes.len() * 7 / 2, "{bytes} of {}", full.bytes.len());
}

#[test]
fn contents_that_are_there_already_are_not_written_again() {
    let image = image();
    let mut dice = Dice::new(2);
    let noise = Page::copy_of(&dice.bytes());
    let mut model = Model::new();
    model.memory.insert(3, noise.clone());
    let (mut chain, full) = Chain::begin(model.state(&image, false), &*image).unwrap();
    assert!(full.bytes.len() > PAGE_BYTES);
    // The same contents elsewhere, twice, and then back where they were after a detour.
    model.memory.insert(9, Page::copy_of(&noise));
    model.memory.insert(10, Page::copy_of(&noise));
    model.memory.insert(3, Page::copy_of(&[1; PAGE_BYTES]));
    assert!(chain.append(model.state(&image, false), &*image).unwrap().bytes.len() < 400);
    model.memory.insert(3, noise);
    assert!(chain.append(model.state(&image, false), &*image).unwrap().bytes.len() < 200);
    // As in the image: a number.
    model.memory.remove(&9);
    let packed = chain.append(model.state(&image, false), &*image).unwrap();
    let delta = Delta::decode(&packed.bytes).unwrap();
    assert_eq!((delta.reverted, delta.changes.len()), (vec![9], 0));
}

#[test]
fn no_cut_and_no_altered_byte_is_a_panic_and_every_cut_is_refused() {
    let image = image();
    let mut dice = Dice::new(3);
    let mut model = Model::new();
    (0..6).for_each(|_| model.step(&mut dice, &image));
    model.files.insert(1, vec![5; 70_000]);
    let (mut chain, full) = Chain::begin(model.state(&image, false), &*image).unwrap();
    (0..2).for_each(|_| model.step(&mut dice, &image));
    let delta = chain.append(model.state(&image, false), &*image).unwrap();
    for len in 0..delta.bytes.len() {
        assert!(
            Chain::read(&[&full.bytes, &delta.bytes[..len]], &MODULE, &*image).is_err() || len == 0,
            "cut at {len}"
        );
    }
    for index in 0..delta.bytes.len() {
        for bit in [1, 128] {
            let mut altered = delta.bytes.clone();
            altered[index] ^= bit;
            drop(Chain::read(&[&full.bytes, &altered], &MODULE, &*image));
        }
    }
    let longer = [&delta.bytes[..], &[0]].concat();
    assert_eq!(Delta::decode(&longer).unwrap_err(), DecodeError::Trailing);
}

#[test]
fn objects_that_do_not_belong_together_are_refused() {
    let image = image();
    let mut dice = Dice::new(4);
    let mut model = Model::new();
    let mut state = |times| {
        (0..times).for_each(|_| model.step(&mut dice, &image));
        model.state(&image, false)
    };
    let (mut chain, full) = Chain::begin(state(5), &*image).unwrap();
    let [one, two] = [(); 2].map(|()| chain.append(state(2), &*image).unwrap().bytes);
    let full = full.bytes;
    let joined = join(&[&full, &one]);
    assert_eq!(split(&joined).unwrap(), [&full, &one]);
    for len in 0..joined.len() {
        assert!(split(&joined[..len]).is_err(), "{len}");
    }
    let read = |objects: &[&[u8]]| Chain::read(objects, &MODULE, &*image);
    assert!(read(&[&full, &one, &two]).is_ok());
    let [empty, full_, one_, two_]: [&[u8]; 4] = [&[], &full, &one, &two];
    for wrong in [
        &[][..],
        &[empty],
        &[one_],
        &[full_, two_],
        &[full_, two_, one_],
        &[full_, full_],
        &[full_, one_, one_],
    ] {
        assert!(matches!(read(wrong), Err(ChainError::Broken)), "{}", wrong.len());
    }
    assert!(matches!(read(&vec![&full[..]; CHAIN_OBJECTS_MAX + 1]), Err(ChainError::Broken)));
    let foreign = Chain::read(&[&full], &[8; 32], &*image);
    assert!(matches!(foreign, Err(ChainError::ForeignImage { found: MODULE })));
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_made_of_it() {
    let head = |depth: u16, memory_pages: u32| {
        let mut bytes = b"SLVGCKPT\x02\0\0\0".to_vec();
        bytes.extend(depth.to_le_bytes());
        bytes.extend(MODULE);
        bytes.extend(memory_pages.to_le_bytes());
        bytes.extend([0; 16]);
        bytes
    };
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>();
    let change = |number: u32, source: u8| [&number.to_le_bytes()[..], &[source], &[0; 32]].concat();
    let none = |bytes: Vec<u8>| Delta::decode(&bytes).map(drop).unwrap_err();
    assert_eq!(none(vec![]), DecodeError::NotACheckpoint);
    assert_eq!(none(b"pickle".to_vec()), DecodeError::NotACheckpoint);
    assert_eq!(none(b"SLVGCKPT\x01\0\0\0".to_vec()), DecodeError::Version { found: 1 });
    let impossible = |bytes: Vec<u8>| matches!(none(bytes), DecodeError::Impossible { .. });
    assert!(impossible(head(0, 1 << 14 | 1)));
    assert!(impossible([head(0, 1), words(&[257])].concat()));
    // Ten million entries that nobody paid for, in a memory that could have them and in one that could not.
    assert!(impossible([head(1, 1), words(&[0, 10_000_000])].concat()));
    assert_eq!(none([head(1, 1 << 14), words(&[0, 200_000])].concat()), DecodeError::CutOff);
    for pages in [&[2, 4, 4][..], &[2, 5, 4], &[1, 16]] {
        assert!(impossible([head(1, 1), words(&[0]), words(pages)].concat()));
    }
    assert!(impossible([head(0, 1), words(&[0, 1, 3, 0]), vec![0]].concat()));
    for changes in [
        &[change(16, 1)][..],
        &[change(3, 1), change(3, 1)],
        &[change(3, 1), change(2, 1)],
        &[change(1, 4)],
    ] {
        let count = u32::try_from(changes.len()).unwrap();
        assert!(impossible([head(1, 1), words(&[0, 0, count]), changes.concat()].concat()));
    }
    assert!(impossible([head(0, 1), words(&[0, 0, 1]), change(1, 3)].concat()));
    // A reference to contents that are nowhere.
    let nowhere = [head(0, 1), words(&[0, 0, 1]), change(1, 0), vec![0]].concat();
    assert!(matches!(Chain::read(&[&nowhere], &MODULE, &[][..]), Err(ChainError::PageMissing)));
    // A page that unfolds to a hundred megabytes, and one that unfolds to nothing.
    for holds in [100 << 20, 0, PAGE_BYTES - 1] {
        let frame = zstd::bulk::compress(&vec![0; holds], 1).unwrap();
        let group = [words(&[u32::try_from(frame.len()).unwrap()]), frame, vec![0]].concat();
        let bomb = [head(0, 1), words(&[0, 0, 1]), change(1, 1), group].concat();
        assert!(
            matches!(Chain::read(&[&bomb], &MODULE, &[][..]), Err(ChainError::Compressed(_))),
            "{holds}"
        );
    }
    for files in [&[u32::MAX, 0, 0][..], &[0, u32::MAX], &[0, 0, 1, 0], &[0, 0, 1, 65_537]] {
        assert!(impossible([head(0, 1), words(&[0, 0, 0]), vec![1], words(files)].concat()));
    }
    assert!(impossible([head(0, 1), words(&[0, 0, 0]), vec![2]].concat()));
}
