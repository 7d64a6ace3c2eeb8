//! See `selvedge_fuzz::wheel`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| selvedge_fuzz::wheel::check(bytes));
