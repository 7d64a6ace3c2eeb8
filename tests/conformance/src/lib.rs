//! One suite for every host.
