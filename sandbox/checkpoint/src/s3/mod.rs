//! A bucket of a store that speaks S3. Objects are `<prefix>/<folder>/<name>`.
//!
//! What is put is there for everybody from then on, and lists say so at once: S3 and what is compatible with it promise both. A name is written
//! once, because every write says `If-None-Match: *`; a store that does not look at that is refused when it is opened.
//!
//! An answer to a write can be lost. Whoever writes looks then: everything begins with a hash, so it is told from what somebody else has written.

mod credentials;
mod explain;
mod wire;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{BackoffConfig, GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutMode, PutPayload, RetryConfig};
use tokio::runtime::Handle;

use self::credentials::Source;
use self::explain::{Fault, explain};
use self::wire::{Away, Wire};
use crate::objects::{Listed, Objects, PutError};

pub use credentials::Credentials;

/// How often a request is tried again, and the first pause before that; each is twice as long as the one before.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_millis(100);
/// So many bytes of an object tell it from all others.
const ID_BYTES: u64 = 32;

/// Where a bucket is, and as whom it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// What all names in it begin with, without a slash at either end; may be empty.
    pub prefix: String,
    /// Origin of the store; none: Amazon's of the region.
    pub endpoint: Option<String>,
    /// Its region; what a store without regions is told does not matter.
    pub region: String,
    /// As whom.
    pub credentials: Credentials,
    /// How long an exchange may stand still.
    pub patience: Duration,
}

impl Bucket {
    /// How long an exchange may stand still unless somebody says otherwise.
    pub const PATIENCE: Duration = Duration::from_secs(10);

    fn endpoint(&self) -> String {
        let amazon = || format!("https://s3.{}.amazonaws.com", self.region);
        self.endpoint
            .as_ref()
            .map_or_else(amazon, |endpoint| endpoint.trim_end_matches('/').to_owned())
    }
}

/// A bucket. Calls block, and must not come from a thread that runs asynchronous work.
pub struct S3 {
    /// Tries again by itself.
    reading: AmazonS3,
    /// Does not: after a write without an answer somebody has to look.
    writing: AmazonS3,
    bucket: Bucket,
    endpoint: String,
    runtime: Handle,
}

impl fmt::Debug for S3 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("S3").field("bucket", &self.bucket).finish_non_exhaustive()
    }
}

impl S3 {
    /// Opens a bucket and looks whether it can be used: read, written to, and never written over. The `runtime`'s threads do the exchanges.
    ///
    /// # Errors
    /// What is wrong, and what to do about it.
    pub fn open(bucket: Bucket, runtime: Handle) -> io::Result<Self> {
        let endpoint = bucket.endpoint();
        let credentials = Arc::new(Source::open(bucket.credentials.clone())?);
        let wire = Wire::new(&endpoint, bucket.patience)
            .map_err(|error| io::Error::other(format!("the system's certificates, which https needs, cannot be read: {error}")))?;
        let retry = |max_retries: u32| RetryConfig {
            backoff: BackoffConfig {
                init_backoff: PAUSE,
                max_backoff: PAUSE * 16,
                base: 2.0,
            },
            max_retries: max_retries as usize,
            retry_timeout: bucket.patience * 2,
        };
        let build = |tries| {
            AmazonS3Builder::new()
                .with_bucket_name(&bucket.name)
                .with_region(&bucket.region)
                .with_endpoint(&endpoint)
                .with_allow_http(true)
                .with_credentials(credentials.clone())
                .with_http_connector(wire.clone())
                .with_retry(retry(tries))
                .with_disable_bulk_delete(true)
                .build()
                .map_err(io::Error::other)
        };
        let s3 = Self {
            reading: build(TRIES)?,
            writing: build(0)?,
            endpoint,
            bucket,
            runtime,
        };
        s3.check()?;
        Ok(s3)
    }

    /// Writes a name twice, which must fail the second time.
    fn check(&self) -> io::Result<()> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
        let name = hex::encode(random);
        let refused = |error: PutError| match error {
            PutError::Taken => io::Error::other("the store says that a random name is taken"),
            PutError::Failed(error) | PutError::Unclear(error) => error,
        };
        self.list("probe")?;
        self.put_new("probe", &name, &random).map_err(refused)?;
        let again = self.put_new("probe", &name, &[0; 16]);
        self.delete("probe", &name)?;
        match again {
            Err(PutError::Taken) => Ok(()),
            Err(error) => Err(refused(error)),
            Ok(()) => Err(self.explain(&object_store::Error::NotImplemented {
                operation: "If-None-Match".to_owned(),
                implementer: self.endpoint.clone(),
            })),
        }
    }

    fn path(&self, folder: &str, name: &str) -> Path {
        Path::from(format!("{}/{folder}/{name}", self.bucket.prefix))
    }

    fn wait<T>(&self, exchange: impl Future<Output = object_store::Result<T>>) -> object_store::Result<T> {
        self.runtime.block_on(exchange)
    }

    fn explain(&self, error: &object_store::Error) -> io::Error {
        explain(error, &self.bucket.name, &self.endpoint)
    }

    /// Whether what has this name begins as these bytes do; none when nothing has it.
    fn holds(&self, path: &Path, bytes: &[u8]) -> object_store::Result<Option<bool>> {
        let found = self.wait(self.writing.get_range(path, 0..ID_BYTES.min(bytes.len() as u64)));
        match found {
            Ok(front) => Ok(Some(bytes.starts_with(&front))),
            Err(error) if Fault::of(&error) == Fault::NoObject => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Objects for S3 {
    fn put_new(&self, folder: &str, name: &str, bytes: &[u8]) -> Result<(), PutError> {
        let path = self.path(folder, name);
        let payload = PutPayload::from(Bytes::copy_from_slice(bytes));
        let end = Instant::now() + self.bucket.patience * 3;
        let (mut pause, mut may_be_there) = (PAUSE, false);
        loop {
            let put = self.wait(self.writing.put_opts(&path, payload.clone(), PutMode::Create.into()));
            let Err(error) = put else { return Ok(()) };
            let fault = Fault::of(&error);
            // The first try answers for itself; a later one may meet what an earlier one has done.
            if fault.may_be_done() {
                match self.holds(&path, bytes) {
                    Ok(Some(true)) => return Ok(()),
                    Ok(Some(false)) => return Err(PutError::Taken),
                    Ok(None) => may_be_there |= matches!(fault, Fault::Away(Away::Slow)),
                    Err(_) => may_be_there = true,
                }
            }
            if !fault.may_pass() || pause > PAUSE * (1 << (TRIES - 1)) || Instant::now() + pause > end {
                let error = self.explain(&error);
                return Err(if may_be_there {
                    PutError::Unclear(error)
                } else {
                    PutError::Failed(error)
                });
            }
            sleep(pause);
            pause *= 2;
        }
    }

    fn get(&self, folder: &str, name: &str) -> io::Result<Vec<u8>> {
        let path = self.path(folder, name);
        let found = self.wait(async { self.reading.get(&path).await?.bytes().await });
        Ok(found.map_err(|error| self.explain(&error))?.into())
    }

    fn front(&self, folder: &str, name: &str, len: usize) -> io::Result<Vec<u8>> {
        let path = self.path(folder, name);
        let range = GetOptions {
            range: Some(GetRange::Bounded(0..len as u64)),
            ..GetOptions::default()
        };
        let found = self.wait(async { self.reading.get_opts(&path, range).await?.bytes().await });
        Ok(found.map_err(|error| self.explain(&error))?.into())
    }

    fn list(&self, folder: &str) -> io::Result<Vec<Listed>> {
        let path = Path::from(format!("{}/{folder}", self.bucket.prefix));
        let listed = self.wait(self.reading.list(Some(&path)).try_collect::<Vec<_>>());
        let listed = listed.map_err(|error| self.explain(&error))?.into_iter();
        // Nothing in it is half written.
        let found = listed.filter_map(|meta| {
            Some(Listed {
                name: meta.location.filename()?.to_owned(),
                bytes: meta.size,
                whole: true,
            })
        });
        Ok(found.collect())
    }

    fn delete(&self, folder: &str, name: &str) -> io::Result<()> {
        let path = self.path(folder, name);
        match self.wait(self.reading.delete(&path)) {
            Err(error) if Fault::of(&error) != Fault::NoObject => Err(self.explain(&error)),
            _ => Ok(()),
        }
    }

    fn is_shared(&self) -> bool {
        true
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
