//! Where a node keeps its kernels' checkpoints. These are also the options of both programs that can be a node.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use selvedge_checkpoint::{Local, Objects};

use crate::error::StartError;

/// In the data folder: checkpoints of a node that shares them with no other.
const OWN: &str = "kernels";
/// In the data folder: copies of what is far away.
#[cfg(feature = "s3")]
const COPIES: &str = "copies";

/// Where the memory of kernels is kept.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(next_help_heading = "Store, where the memory of kernels is kept")]
pub struct StoreOptions {
    /// A folder, or a bucket. Nodes with the same one share their kernels: each goes on wherever its next run is sent [default: a folder in the data folder, of this node alone]
    #[arg(id = "store", long = "store", value_name = "DIR | s3://BUCKET/PREFIX")]
    pub place: Option<PathBuf>,
    /// Origin of the S3 store, for example http://127.0.0.1:9000 [default: Amazon's of the region]
    #[arg(id = "store-endpoint", long = "store-endpoint", value_name = "URL", value_parser = endpoint)]
    pub endpoint: Option<String>,
    /// Region of the bucket
    #[arg(id = "store-region", long = "store-region", value_name = "REGION", default_value = REGION)]
    pub region: String,
    /// File with aws_access_key_id and aws_secret_access_key [default: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of the environment]
    #[arg(id = "store-credentials", long = "store-credentials", value_name = "FILE")]
    pub credentials: Option<PathBuf>,
    /// Bytes of the bucket's objects of which this node keeps copies in its data folder
    #[arg(id = "store-copies", long = "store-copies", value_name = "BYTES", default_value_t = COPIES_BYTES)]
    pub copies_bytes: u64,
}

const REGION: &str = "us-east-1";
const COPIES_BYTES: u64 = 1 << 30;

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            place: None,
            endpoint: None,
            region: REGION.to_owned(),
            credentials: None,
            copies_bytes: COPIES_BYTES,
        }
    }
}

impl StoreOptions {
    /// What to write on the command line of another program with these options.
    #[must_use]
    pub fn arguments(&self) -> Vec<OsString> {
        let given = [
            ("--store", self.place.as_deref().map(OsString::from)),
            ("--store-endpoint", self.endpoint.as_deref().map(OsString::from)),
            ("--store-credentials", self.credentials.as_deref().map(OsString::from)),
            ("--store-region", Some(self.region.as_str().into())),
            ("--store-copies", Some(self.copies_bytes.to_string().into())),
        ];
        let given = given.into_iter().filter_map(|(name, value)| Some([name.into(), value?]));
        given.flatten().collect()
    }

    /// Opens it; blocks, and must not be called by a thread that runs asynchronous work.
    pub(crate) fn open(&self, data: &Path) -> Result<Box<dyn Objects>, StartError> {
        let Some(place) = &self.place else {
            let folder = data.join(OWN);
            let own = Local::open(folder.clone()).map_err(|cause| StartError::Data { folder, cause })?;
            return Ok(Box::new(own));
        };
        let failed = |cause: io::Error| StartError::Store {
            place: place.clone(),
            cause,
        };
        match place.to_str().and_then(|place| place.strip_prefix("s3://")) {
            Some(bucket) => self.bucket(bucket, data).map_err(failed),
            None => Ok(Box::new(Local::open_shared(place.clone()).map_err(failed)?)),
        }
    }

    #[cfg(feature = "s3")]
    fn bucket(&self, bucket: &str, data: &Path) -> io::Result<Box<dyn Objects>> {
        use selvedge_checkpoint::{Bucket, Cached, Credentials, S3};

        let (name, prefix) = bucket.split_once('/').unwrap_or((bucket, ""));
        if name.is_empty() {
            return Err(io::Error::other("a bucket is named like this: s3://bucket/prefix"));
        }
        let bucket = Bucket {
            name: name.to_owned(),
            prefix: prefix.trim_matches('/').to_owned(),
            endpoint: self.endpoint.clone(),
            region: self.region.clone(),
            credentials: self.credentials.clone().map_or(Credentials::Environment, Credentials::File),
            patience: Bucket::PATIENCE,
        };
        let medium = S3::open(bucket, tokio::runtime::Handle::current())?;
        let copies = Cached::open(Box::new(medium), data.join(COPIES), self.copies_bytes)?;
        Ok(Box::new(copies))
    }

    #[cfg(not(feature = "s3"))]
    fn bucket(&self, _: &str, _: &Path) -> io::Result<Box<dyn Objects>> {
        Err(io::Error::other("this program was built without the feature `s3`"))
    }
}

/// An origin. A name and a password have no place in it: they would be in the list of processes.
fn endpoint(text: &str) -> Result<String, String> {
    let origin = text.trim_end_matches('/');
    let uri: http::Uri = origin.parse().map_err(|error| format!("not a URL: {error}"))?;
    match (uri.scheme_str(), uri.authority()) {
        (Some("http" | "https"), Some(authority)) if !authority.as_str().contains('@') => Ok(origin.to_owned()),
        _ => Err("must be an origin such as https://s3.example, without a name or a password".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Program {
        #[command(flatten)]
        store: StoreOptions,
    }

    #[test]
    fn without_options_a_program_has_the_librarys_defaults() {
        assert_eq!(Program::parse_from(["node"]).store, StoreOptions::default());
    }

    #[test]
    fn what_is_passed_on_arrives() {
        let options = StoreOptions {
            place: Some("s3://bucket/prefix".into()),
            endpoint: Some("http://127.0.0.1:9000".to_owned()),
            region: "here".to_owned(),
            credentials: Some("/etc/words".into()),
            copies_bytes: 7,
        };
        for options in [options, StoreOptions::default()] {
            let line = ["node".into()].into_iter().chain(options.arguments());
            assert_eq!(Program::parse_from(line).store, options);
        }
    }

    #[test]
    fn an_endpoint_with_a_password_is_refused() {
        for refused in ["http://name:word@127.0.0.1", "127.0.0.1:9000", "ftp://127.0.0.1"] {
            assert!(Program::try_parse_from(["node", "--store-endpoint", refused]).is_err(), "{refused}");
        }
    }
}
