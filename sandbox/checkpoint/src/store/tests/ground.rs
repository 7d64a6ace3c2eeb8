//! Media on which stores are opened, as often as nodes would, and whose files a test can look at and damage.

use std::fs;
use std::path::PathBuf;

#[cfg(feature = "s3")]
use selvedge_test_s3::Server;
use tempfile::TempDir;
#[cfg(feature = "s3")]
use tokio::runtime::Runtime;

use super::store_on;
use crate::KernelId;
use crate::local::Local;
use crate::objects::Objects;
#[cfg(feature = "s3")]
use crate::s3::{Bucket, Credentials, S3};
use crate::store::Store;

/// A medium on which stores are opened, as often as nodes would, and whose files a test can look at and damage.
pub(super) struct Ground {
    /// Kernels' folders are in it.
    pub(super) root: PathBuf,
    kind: Kind,
    _folder: Option<TempDir>,
}

pub(super) enum Kind {
    /// A folder of this process.
    Folder,
    /// A folder of several.
    SharedFolder,
    /// A bucket of our own server, or of the one whose origin is in [`ELSEWHERE`], with the same name and credentials.
    #[cfg(feature = "s3")]
    Bucket(Box<Server>, Runtime),
}

/// To try another S3 server. Tests that look at files do not work with it.
#[cfg(feature = "s3")]
const ELSEWHERE: &str = "SELVEDGE_TEST_S3";

/// Where flushing costs nothing, if there is such a place.
fn folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

impl Ground {
    pub(super) fn folder() -> Self {
        let folder = folder();
        Self {
            root: folder.path().to_owned(),
            kind: Kind::Folder,
            _folder: Some(folder),
        }
    }

    pub(super) fn shared_folder() -> Self {
        Self {
            kind: Kind::SharedFolder,
            ..Self::folder()
        }
    }

    #[cfg(feature = "s3")]
    pub(super) fn bucket() -> Self {
        let server = Server::start().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let mut prefix = [0; 8];
        getrandom::fill(&mut prefix).unwrap();
        let root = server.folder().join(hex::encode(prefix));
        Self {
            root,
            kind: Kind::Bucket(Box::new(server), runtime),
            _folder: None,
        }
    }

    pub(super) fn open(&self) -> Box<dyn Objects> {
        let root = self.root.clone();
        match &self.kind {
            Kind::Folder => Box::new(Local::open(root).unwrap()),
            Kind::SharedFolder => Box::new(Local::open_shared(root).unwrap()),
            #[cfg(feature = "s3")]
            Kind::Bucket(server, runtime) => {
                let bucket = Bucket {
                    name: selvedge_test_s3::BUCKET.to_owned(),
                    prefix: self.root.file_name().unwrap().to_str().unwrap().to_owned(),
                    endpoint: Some(std::env::var(ELSEWHERE).unwrap_or_else(|_| server.endpoint())),
                    region: "us-east-1".to_owned(),
                    credentials: Credentials::File(server.credentials()),
                    patience: Bucket::PATIENCE,
                };
                Box::new(S3::open(bucket, runtime.handle().clone()).unwrap())
            }
        }
    }

    pub(super) fn store(&self, states: u64) -> Store {
        store_on(self.open(), states)
    }

    /// So many of a hundred random cases; fewer where each takes longer.
    pub(super) fn some(&self, many: u64) -> u64 {
        match self.kind {
            Kind::Folder | Kind::SharedFolder => many,
            #[cfg(feature = "s3")]
            Kind::Bucket(..) => many.div_ceil(12),
        }
    }

    pub(super) fn path(&self, kernel: KernelId, number: u64) -> PathBuf {
        self.root.join(kernel.to_string()).join(number.to_string())
    }

    /// How much there is of a kernel.
    pub(super) fn files(&self, kernel: KernelId) -> usize {
        fs::read_dir(self.root.join(kernel.to_string())).map_or(0, Iterator::count)
    }
}
