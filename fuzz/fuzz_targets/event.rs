//! Whatever is told, in JSON or XML, reading it never panics, and what was read as XML reads the same as JSON.
#![no_main]
#![allow(dead_code, unused_imports)]

#[path = "../../src/platform/wechat/push/mod.rs"]
mod push;

use libfuzzer_sys::fuzz_target;
use push::{PushEvent, Told};

fuzz_target!(|bytes: &[u8]| {
    let Ok(told) = Told::read(bytes) else { return };
    let again = Told::read(told.0.to_string().as_bytes()).expect("what was read is an object");
    assert_eq!(PushEvent::from(&again), PushEvent::from(&told), "as it rests on the shelf");
});
