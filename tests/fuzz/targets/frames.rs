//! See `selvedge_fuzz::frames`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| selvedge_fuzz::frames::check(bytes));
