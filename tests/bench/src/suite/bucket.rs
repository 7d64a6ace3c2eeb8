//! The same kernels kept in a folder and in a bucket: what a cell waits for until it is durable, and what waking takes. The bucket's server is on
//! loopback and keeps in memory, so these are the costs of the protocol (signatures, HTTP, looking first); a network adds its round trips.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use selvedge_checkpoint::{Bucket, Cached, Credentials, KernelId, Local, Objects, ProjectKey, Retention, S3, Store};
use selvedge_test_s3::{BUCKET, Server};

use super::guest;
use crate::order::Shuffle;
use crate::record::Recorder;
use crate::stats::Samples;

const ROUNDS: usize = 60;
const MAKE: &str = "rows = [{'n': n, 'name': str(n)} for n in range(2000)]";
const CHECK: &str = "assert rows[-1]['n'] == 1999 and y == 1";

/// A store, and what was measured of it.
struct Contestant {
    name: &'static str,
    store: Store,
    look: Vec<Duration>,
    first: Vec<Duration>,
    again: Vec<Duration>,
    woken: Vec<Duration>,
}

impl Contestant {
    fn new(name: &'static str, medium: Box<dyn Objects>) -> Self {
        Self {
            name,
            store: Store::new(medium, Retention::default(), || 0),
            look: Vec::new(),
            first: Vec::new(),
            again: Vec::new(),
            woken: Vec::new(),
        }
    }
}

/// Each store in each round, in a new order each time.
pub(crate) fn run(recorder: &mut Recorder) -> Result<()> {
    let (runtime, engine) = (guest::runtime()?, guest::engine(16)?);
    let (folder, server) = (tempfile::tempdir()?, Server::start()?);
    let exchanges = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let bucket = || -> Result<Box<dyn Objects>> {
        let bucket = Bucket {
            name: BUCKET.to_owned(),
            prefix: "bench".to_owned(),
            endpoint: Some(server.endpoint()),
            region: "us-east-1".to_owned(),
            credentials: Credentials::File(server.credentials()),
            patience: Bucket::PATIENCE,
        };
        Ok(Box::new(S3::open(bucket, exchanges.handle().clone())?))
    };
    let copies = Cached::open(bucket()?, folder.path().join("copies"), 1 << 30)?;
    let mut contestants = [
        Contestant::new("folder", Box::new(Local::open(folder.path().join("kernels"))?)),
        Contestant::new("S3 on loopback", bucket()?),
        Contestant::new("S3 on loopback, copies nearby", Box::new(copies)),
    ];
    let (key, mut shuffle) = (ProjectKey::new([7; 32]), Shuffle::new());
    for round in 0..ROUNDS {
        for index in shuffle.order(contestants.len()) {
            let Some(contestant) = contestants.get_mut(index) else { continue };
            let id: KernelId = format!("krn_{:032x}", round * 16 + index).parse()?;
            let store = &contestant.store;
            let mut kernel = runtime.block_on(engine.start([3; 32]))?;
            runtime.block_on(guest::run(&mut kernel, MAKE))?;
            let began = Instant::now();
            let (mut chain, packed) = engine.pack(&kernel.checkpoint()?)?;
            let newest = store.append(id, &key, None, &packed.bytes)?;
            contestant.first.push(began.elapsed());

            let began = Instant::now();
            ensure!(store.newest(id)? == Some(newest), "the newest is another one");
            contestant.look.push(began.elapsed());
            runtime.block_on(guest::run(&mut kernel, "y = 1"))?;
            let began = Instant::now();
            let packed = engine.pack_after(&mut chain, &kernel.checkpoint()?)?;
            store.append(id, &key, packed.is_delta.then_some(newest), &packed.bytes)?;
            contestant.again.push(began.elapsed());

            let began = Instant::now();
            let kept = store.read(id, &key)?;
            let objects: Vec<_> = kept.objects.iter().map(Vec::as_slice).collect();
            let (_, checkpoint) = engine.unpack(&objects)?;
            let mut woken = runtime.block_on(engine.restore(&checkpoint, [4; 32]))?;
            contestant.woken.push(began.elapsed());
            runtime.block_on(guest::run(&mut woken, CHECK))?;
        }
    }
    for contestant in &contestants {
        let mut say = |what: &str, times: &[_]| recorder.times(contestant.name, what, &Samples::milliseconds(times), "");
        say("2,000 dicts: durable", &contestant.first)?;
        say("look before a cell", &contestant.look)?;
        say("one small cell later: durable", &contestant.again)?;
        say("wake", &contestant.woken)?;
    }
    Ok(())
}
