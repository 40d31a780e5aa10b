//! Prints how many GB of input each kernel takes per second, at each level and three lengths.
//!
//! `cargo run --release -p cpython-simd --example speed`

use std::hint::black_box;
use std::mem::MaybeUninit;
use std::time::{Duration, Instant};

use cpython_simd::{Level, Sink, base32, base64, crc, hex};

fn main() {
    println!(
        "{:16} {:8} {:>12} {:>9} {:>9}",
        "GB/s of input", "level", "32 B (ns)", "1 KiB", "1 MiB"
    );
    for level in Level::available() {
        for (name, kernel) in kernels() {
            let small = time(32, level, kernel);
            let [small_rate, medium, large] =
                [32, 1 << 10, 1 << 20].map(|len| len as f64 / time(len, level, kernel));
            let level = level.name();
            println!("{name:16} {level:8} {small_rate:5.2} ({small:4.1}) {medium:9.2} {large:9.2}");
        }
    }
}

/// A kernel as it is measured: input that it accepts, output to write over and over.
type Kernel = fn(Level, &[u8], &mut Sink);

fn kernels() -> [(&'static str, Kernel); 8] {
    [
        ("base64 encode", |level, input, out| {
            base64::encode_at(level, input, BASE64, out).expect("the sink is large enough");
        }),
        ("base64 decode", |level, input, out| {
            assert_eq!(base64::decode_prefix_at(level, input, &TABLE, out), input.len());
        }),
        ("base32 encode", |level, input, out| {
            base32::encode_at(level, input, BASE32, out).expect("the sink is large enough");
        }),
        ("base32 decode", |level, input, out| {
            assert_eq!(base32::decode_prefix_at(level, input, &BASE32_VALUES, out), input.len());
        }),
        ("crc32", |level, input, _| _ = black_box(crc::crc32_at(level, input, 0))),
        ("crc_hqx", |level, input, _| _ = black_box(crc::crc_hqx_at(level, input, 0))),
        ("hex encode", |level, input, out| {
            hex::encode_at(level, input, out).expect("the sink is large enough");
        }),
        ("hex decode", |level, input, out| {
            assert_eq!(hex::decode_prefix_at(level, input, out), input.len());
        }),
    ]
}

/// The best time for one call in nanoseconds.
fn time(len: usize, level: Level, kernel: Kernel) -> f64 {
    // Hexadecimal digits suit every decoder here, and encoders and sums do not care.
    let input: Vec<u8> = (0..len).map(|i| b"0123456789abcdef"[i * 7 % 16]).collect();
    let mut memory = vec![MaybeUninit::uninit(); len * 2 + 64];
    let calls = (1 << 18) / len.max(64) + 2;
    let mut best = Duration::MAX;
    let end = Instant::now() + Duration::from_millis(120);
    while Instant::now() < end {
        let start = Instant::now();
        for _ in 0..calls {
            let mut sink = Sink::new(&mut memory);
            kernel(level, black_box(&input), &mut sink);
            black_box(sink.len());
        }
        best = best.min(start.elapsed());
    }
    best.as_nanos() as f64 / calls as f64
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static TABLE: base64::ReverseTable = base64::ReverseTable::new(BASE64, b'=');
const BASE32: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
static BASE32_VALUES: [u8; 256] = {
    let mut values = [255; 256];
    let mut value = 0;
    while value < 32 {
        values[BASE32[value] as usize] = value as u8;
        value += 1;
    }
    values
};
