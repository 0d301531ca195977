use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io::{Read, Seek, SeekFrom, Write};
use std::time::{Duration, Instant, SystemTime};

pub fn work(who: &str) {
    println!("--- {} {:?}", who, std::env::var("WHO"));
    let (mut line, mut one) = (vec![], [0u8]);
    // Unbuffered: the next service reads on from here.
    let mut stdin = unsafe { <fs::File as std::os::wasi::io::FromRawFd>::from_raw_fd(0) };
    while stdin.read(&mut one).unwrap() == 1 && one[0] != b'\n' {
        line.push(one[0]);
    }
    std::mem::forget(stdin);
    println!("stdin: {}", String::from_utf8_lossy(&line));

    let mut input = fs::File::open("/data/input.txt").unwrap();
    input.seek(SeekFrom::End(-5)).unwrap();
    let mut tail = String::new();
    input.read_to_string(&mut tail).unwrap();
    println!("tail: {:?} of {}", tail, input.metadata().unwrap().len());

    let path = format!("/data/{}.out", who);
    let mut output = fs::File::create(&path).unwrap();
    for i in 0..5 {
        writeln!(output, "{} {}", who, i).unwrap();
    }
    drop(output);
    println!("written: {:?}", fs::read_to_string(&path).unwrap());
    println!("missing: {:?}", fs::File::open("/data/missing").map_err(|error| error.kind()).err());

    let start = Instant::now();
    std::thread::sleep(Duration::from_millis(20));
    assert!(start.elapsed() >= Duration::from_millis(19));
    assert!(SystemTime::now() > SystemTime::UNIX_EPOCH);

    let mut words: BTreeMap<String, usize> = BTreeMap::new();
    for i in 0..10000 {
        *words.entry(format!("word {}", i % 7)).or_default() += i;
    }
    println!("{:?}", words);
    // Random numbers seed the hash set.
    let squares: HashSet<usize> = (0..1000).map(|i| i * i % 251).collect();
    println!("{}", squares.len());
    std::io::stdout().flush().unwrap();
}
