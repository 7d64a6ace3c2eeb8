//! See `selvedge_fuzz::order`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| selvedge_fuzz::order::check(bytes));
