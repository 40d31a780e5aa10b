//! A toy codec, fed in every way: what comes out and what is left never depends on the way.
use std::io::BufRead;
use std::mem::MaybeUninit;

use cpython_streaming::{Codec, Decompression, NoMemory, Progress, Sink, Stop, feed};

/// Pairs of a count and a byte, ended by a count of 0.
#[derive(Default)]
struct Runs<const ROOM_FIRST: bool> {
    count: Option<u8>,
    left: (u8, u8),
    ended: bool,
}

#[derive(Debug, PartialEq)]
enum Failure {
    Odd,
    NoMemory,
}

impl From<NoMemory> for Failure {
    fn from(NoMemory: NoMemory) -> Self {
        Self::NoMemory
    }
}

impl<const ROOM_FIRST: bool> Codec for Runs<ROOM_FIRST> {
    type Error = Failure;
    const ROOM_FIRST: bool = ROOM_FIRST;

    fn step(&mut self, input: &[u8], output: &mut Sink<'_>) -> Result<Progress, Failure> {
        let mut taken = 0;
        loop {
            while self.left.0 > 0 && output.push(self.left.1).is_ok() {
                self.left.0 -= 1;
            }
            if self.left.0 > 0 || self.ended {
                return Ok(Progress { taken, ended: self.ended });
            }
            let Some(&byte) = input.get(taken) else {
                return Ok(Progress { taken, ended: false });
            };
            taken += 1;
            match self.count.take() {
                None if byte == 255 => return Err(Failure::Odd),
                None if byte == 0 => self.ended = true,
                None => self.count = Some(byte),
                Some(count) => self.left = (count, byte),
            }
        }
    }
}

const STREAM: &[u8] = b"\x03a\x01b\x09c\x02d\x05e\x00behind";
const PLAIN: &[u8] = b"aaabcccccccccddeeeee";

/// Makes output as the API does: `first` bytes of room, then one more each time, `most` at most.
fn grow(
    first: usize,
    most: usize,
    step: &mut cpython_streaming::Step<'_, Failure>,
) -> Result<Vec<u8>, Failure> {
    let (mut made, mut room) = (Vec::new(), first.min(most));
    loop {
        let mut memory = [const { MaybeUninit::uninit() }; 64];
        let mut sink = Sink::new(&mut memory[..room - made.len()]);
        let flow = step(&mut sink)?;
        made.extend_from_slice(sink.filled());
        if flow.is_break() || room == most {
            return Ok(made);
        }
        if made.len() == room {
            room += 1;
        }
    }
}

/// Input that shows itself in pieces of this size.
struct Pieces<'a>(&'a [u8], usize);

impl std::io::Read for Pieces<'_> {
    fn read(&mut self, target: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(target)
    }
}

impl BufRead for Pieces<'_> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        Ok(&self.0[..self.0.len().min(self.1)])
    }

    fn consume(&mut self, count: usize) {
        self.0 = &self.0[count..];
    }
}

fn every_way<const ROOM_FIRST: bool>() {
    for (piece, chunk, first, most) in (1..=6)
        .flat_map(|piece| (1..=STREAM.len()).map(move |chunk| (piece, chunk)))
        .flat_map(|(piece, chunk)| (1..=4).map(move |first| (piece, chunk, first)))
        .flat_map(|(piece, chunk, first)| (1..=22).map(move |most| (piece, chunk, first, most)))
    {
        let mut stream = Decompression::new(Runs::<ROOM_FIRST>::default());
        let (mut made, mut fed) = (Vec::new(), STREAM);
        for _ in 0..1000 {
            if stream.stop() == Stop::End {
                break;
            }
            let wants = stream.stop() == Stop::Dry;
            let (now, later) = fed.split_at(if wants { chunk.min(fed.len()) } else { 0 });
            fed = later;
            let part = stream.run(&mut Pieces(now, piece), |step| grow(first, most, step)).unwrap();
            assert!(part.len() <= most);
            made.extend(part);
        }
        assert_eq!(stream.stop(), Stop::End);
        assert_eq!(made, PLAIN);
        let unused = [stream.pending().as_slice(), fed].concat();
        assert_eq!(unused, b"behind");
    }
}

#[test]
fn every_way_gives_the_same() {
    every_way::<true>();
    every_way::<false>();
}

#[test]
fn what_is_first_when_input_and_room_end_together() {
    fn stops<const ROOM_FIRST: bool>() -> (Stop, usize) {
        let mut memory = [const { MaybeUninit::uninit() }; 2];
        let mut out = Sink::new(&mut memory);
        let stop = feed(&mut Runs::<ROOM_FIRST>::default(), &mut &b"\x03a"[..], &mut out);
        (stop.unwrap(), out.len())
    }
    assert_eq!(stops::<true>(), (Stop::Full, 2));
    assert_eq!(stops::<false>(), (Stop::Dry, 2));
}

#[test]
fn what_needs_no_room_is_taken_from_every_piece() {
    let mut memory = [const { MaybeUninit::uninit() }; 3];
    let mut out = Sink::new(&mut memory);
    let mut input = Pieces(b"\x03a\x01bc", 2);
    let stop = feed(&mut Runs::<true>::default(), &mut input, &mut out);
    assert_eq!((stop.unwrap(), out.filled(), input.0), (Stop::Full, &b"aaa"[..], &b"c"[..]));
}

#[test]
fn after_an_error_nothing_is_pending() {
    let mut stream = Decompression::new(Runs::<true>::default());
    let mut run = |mut input: &[u8], most| {
        let made = stream.run(&mut input, |step| grow(1, most, step));
        (made, stream.pending().as_slice().len())
    };
    assert_eq!(run(b"\x05a\x01b\xff", 2), (Ok(b"aa".to_vec()), 3));
    assert_eq!(run(b"\x01c", 2), (Ok(b"aa".to_vec()), 5));
    assert_eq!(run(b"", 9), (Err(Failure::Odd), 0));
    assert_eq!(run(b"\x01d", 9), (Ok(b"d".to_vec()), 0));
}
