//! What a store's refusal means, and what to do about it.

use std::error::Error;
use std::io;

use super::wire::Away;

/// Why a request failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// There was no answer.
    Away(Away),
    /// The object is not there.
    NoObject,
    /// The bucket is not.
    NoBucket,
    /// The name is taken.
    Taken,
    /// The store does not know us.
    Credentials,
    /// It knows us and says no.
    Permission,
    /// The bucket is elsewhere.
    Region,
    /// It does not write only what is new.
    Careless,
    /// It refuses for another reason.
    Refused,
    /// It says that it cannot do it now.
    Busy,
}

impl Fault {
    /// What this error is.
    pub(super) fn of(error: &object_store::Error) -> Self {
        if let Some(away) = away(error) {
            return Self::Away(away);
        }
        let text = error.to_string();
        let says = |codes: &[&str]| codes.iter().any(|code| text.contains(&format!("<Code>{code}</Code>")));
        if says(&["NoSuchBucket"]) {
            return Self::NoBucket;
        }
        if says(&[
            "InvalidAccessKeyId",
            "SignatureDoesNotMatch",
            "InvalidToken",
            "ExpiredToken",
            "RequestTimeTooSkewed",
            "NotSignedUp",
        ]) {
            return Self::Credentials;
        }
        if says(&[
            "PermanentRedirect",
            "AuthorizationHeaderMalformed",
            "IllegalLocationConstraintException",
        ]) {
            return Self::Region;
        }
        match error {
            object_store::Error::NotFound { .. } => Self::NoObject,
            object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. } => Self::Taken,
            object_store::Error::PermissionDenied { .. } => Self::Permission,
            object_store::Error::Unauthenticated { .. } => Self::Credentials,
            object_store::Error::NotImplemented { .. } => Self::Careless,
            _ if says(&["NotImplemented"]) => Self::Careless,
            _ if text.contains("status code: 3") || text.contains("LOCATION") => Self::Region,
            _ if text.contains("status code: 5") || text.contains("status code: 429") => Self::Busy,
            _ => Self::Refused,
        }
    }

    /// Whether what was to be written may be there all the same.
    pub(super) fn may_be_done(self) -> bool {
        matches!(
            self,
            Self::Taken | Self::Busy | Self::Away(Away::Slow | Away::Broken | Away::TooLarge)
        )
    }

    /// Whether it can be otherwise in a moment.
    pub(super) fn may_pass(self) -> bool {
        matches!(self, Self::Taken | Self::Busy | Self::Away(_))
    }
}

/// For an operator: what happened at this bucket, and what to do. `NotFound` when it is the object that is missing.
pub(super) fn explain(error: &object_store::Error, bucket: &str, endpoint: &str) -> io::Error {
    let fault = Fault::of(error);
    let kind = match fault {
        Fault::NoObject => io::ErrorKind::NotFound,
        Fault::Credentials | Fault::Permission => io::ErrorKind::PermissionDenied,
        Fault::Away(Away::Slow) => io::ErrorKind::TimedOut,
        Fault::Away(_) => io::ErrorKind::NotConnected,
        _ => io::ErrorKind::Other,
    };
    let what = match fault {
        Fault::NoObject => format!("there is no such object in {bucket}"),
        Fault::NoBucket => format!("there is no bucket {bucket} at {endpoint}. Make it, or name another with --store"),
        Fault::Credentials => format!(
            "{endpoint} refuses the credentials. Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or the file of --store-credentials), and this machine's clock"
        ),
        Fault::Permission => format!(
            "the credentials may not do this in {bucket}. Allow s3:GetObject, s3:PutObject and s3:DeleteObject on its objects and s3:ListBucket on it"
        ),
        Fault::Region => format!("{bucket} is in another region than the one of --store-region"),
        Fault::Careless => format!(
            "{endpoint} cannot refuse to write over what is there (If-None-Match: *), without which two nodes could lose a kernel's state. Use another store"
        ),
        Fault::Away(Away::NotReached) => {
            format!("{endpoint} cannot be reached. Check the network, or the address of --store-endpoint")
        }
        Fault::Away(away) => format!("{endpoint} did not answer ({away}). Nothing has to be done if this passes"),
        Fault::Busy => format!("{endpoint} cannot take this at the moment. Nothing has to be done if this passes"),
        Fault::Taken => format!("{bucket} has something under this name"),
        Fault::Refused => format!("{endpoint} refuses: {error}"),
    };
    io::Error::new(kind, what)
}

fn away(error: &object_store::Error) -> Option<Away> {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(away) = error.downcast_ref() {
            return Some(*away);
        }
        next = error.source();
    }
    None
}
