use super::*;
use crate::Status;
use crate::hardening::{LayerName, LayerState};

fn run() -> RunCell {
    RunCell {
        run: "run_1".to_owned(),
        kernel: Some(KernelStart {
            id: "krn_1".to_owned(),
            memory: KernelMemory::Attached,
            newest: 7,
        }),
        language: "python".into(),
        environment: None,
        label: "cell 1".to_owned(),
        code: "print('ü')".to_owned(),
        stdin: None,
        interactive: false,
        task: Task::Run,
        limits: OrderLimits {
            wall_ms: u64::MAX,
            fuel: 1,
            memory_bytes: 2,
            output_bytes: 3,
        },
    }
}

/// A small generator of pseudo-random bytes (xorshift), so that failures repeat.
struct Bytes(u64);

impl Bytes {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn take(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next().to_le_bytes()[0]).collect()
    }
}

#[test]
fn a_frame_comes_out_as_it_went_in() {
    let mut wire = Vec::new();
    write_frame(&mut wire, &ToWorker::Run(run()), &[0, 1, 255]).unwrap();
    write_frame(
        &mut wire,
        &ToWorker::Forget {
            kernel: "krn_1".to_owned(),
        },
        &[],
    )
    .unwrap();
    let mut input = wire.as_slice();
    assert_eq!(
        read_frame::<ToWorker>(&mut input).unwrap(),
        Some((ToWorker::Run(run()), vec![0, 1, 255]))
    );
    assert_eq!(
        read_frame::<ToWorker>(&mut input).unwrap(),
        Some((
            ToWorker::Forget {
                kernel: "krn_1".to_owned()
            },
            vec![]
        ))
    );
    assert!(read_frame::<ToWorker>(&mut input).unwrap().is_none());
}

#[test]
fn every_message_of_the_worker_survives_the_wire() {
    let outcome = Outcome {
        status: Status::Lost,
        fuel: u64::MAX,
        duration_ms: 1,
        error: None,
        truncated: true,
        receipt: None,
    };
    let run = "run_1".to_owned();
    for message in [
        FromWorker::Ready {
            version: VERSION,
            image: "ab".to_owned(),
            layers: vec![Layer {
                layer: LayerName::Landlock,
                state: LayerState::Unavailable,
                why: "the kernel does not have it".to_owned(),
            }],
        },
        FromWorker::Event {
            run: run.clone(),
            kind: EventKind::Stdout,
            at: 1,
            data: serde_json::json!({ "text": "a\u{0}b" }),
        },
        FromWorker::Stopped { run: run.clone() },
        FromWorker::Ended {
            run: run.clone(),
            outcome,
            kept: true,
            after: Some(7),
        },
        FromWorker::Missing { run: run.clone() },
        FromWorker::Unreadable {
            run,
            message: "no".to_owned(),
        },
    ] {
        let mut wire = Vec::new();
        write_frame(&mut wire, &message, &[7]).unwrap();
        assert_eq!(read_frame::<FromWorker>(&mut wire.as_slice()).unwrap(), Some((message, vec![7])));
    }
}

#[test]
fn any_bytes_are_refused_or_read_but_never_panic() {
    let mut random = Bytes(0x5e1_f0ed);
    let mut valid = Vec::new();
    write_frame(&mut valid, &ToWorker::Run(run()), &[1; 40]).unwrap();
    for round in 0..20_000_usize {
        // Half of the inputs are noise; the other half a valid frame with some bytes changed and its end cut off.
        let bytes = if round % 2 == 0 {
            let length = usize::try_from(random.next() % 64).unwrap();
            random.take(length)
        } else {
            let mut bytes = valid.clone();
            for _ in 0..=random.next() % 4 {
                let place = usize::try_from(random.next()).unwrap() % bytes.len();
                bytes[place] = random.next().to_le_bytes()[0];
            }
            bytes.truncate(usize::try_from(random.next()).unwrap() % (bytes.len() + 1));
            bytes
        };
        let mut input = bytes.as_slice();
        while let Ok(Some(_)) = read_frame::<ToWorker>(&mut input) {}
    }
}

#[test]
fn lengths_are_refused_one_past_their_bound() {
    let head = |json: usize, attachment: usize| {
        let mut bytes = [0; FrameHead::BYTES];
        bytes[..4].copy_from_slice(&u32::try_from(json).unwrap().to_le_bytes());
        bytes[4..].copy_from_slice(&u32::try_from(attachment).unwrap().to_le_bytes());
        FrameHead::decode(bytes)
    };
    assert!(head(FRAME_JSON_BYTES_MAX, FRAME_ATTACHMENT_BYTES_MAX).is_ok());
    assert!(matches!(head(FRAME_JSON_BYTES_MAX + 1, 0), Err(FrameError::TooLarge { .. })));
    assert!(matches!(head(0, FRAME_ATTACHMENT_BYTES_MAX + 1), Err(FrameError::TooLarge { .. })));
}

#[test]
fn a_frame_that_stops_short_is_an_error_and_not_an_end() {
    let mut wire = Vec::new();
    write_frame(&mut wire, &ToWorker::Cancel { run: "run_1".to_owned() }, &[1, 2]).unwrap();
    for length in 1..wire.len() {
        assert!(
            matches!(read_frame::<ToWorker>(&mut &wire[..length]), Err(FrameError::Broken(_))),
            "{length}"
        );
    }
}
