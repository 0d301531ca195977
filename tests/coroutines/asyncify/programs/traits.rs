// Trait objects, closures, iterators and formatting over a blocking import. Names of functions stay in the binary: they have
// all the characters that mean something in Asyncify's lists.
use std::collections::BTreeMap;
use std::fmt;

#[link(wasm_import_module = "test")]
extern "C" {
    fn wait(question: i32) -> i32;
}

trait Shape {
    fn area(&self) -> i64;
    fn name(&self) -> String {
        format!("shape of {}", self.area())
    }
}

struct Square(i32);
struct Asked<'a>(&'a dyn Shape, Box<dyn Fn(i32) -> i32>);

impl Shape for Square {
    fn area(&self) -> i64 {
        unsafe { wait(self.0) as i64 * self.0 as i64 }
    }
}

impl Shape for Asked<'_> {
    fn area(&self) -> i64 {
        self.0.area() + (self.1)(self.0.area() as i32) as i64
    }
}

struct Shown<'a>(&'a dyn Shape);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}|{}>", self.0.name(), self.0.area())
    }
}

fn main() {
    let mut seen: BTreeMap<i64, String> = BTreeMap::new();
    for i in 1..30 {
        let square = Square(i);
        let asked = Asked(&square, Box::new(move |n| unsafe { wait(n % 100 + i) }));
        let shapes: Vec<Box<dyn Shape + '_>> = vec![Box::new(Square(i + 1)), Box::new(asked)];
        let total: i64 = shapes.iter().map(|s| s.area()).sum();
        seen.insert(total, shapes.iter().map(|s| Shown(s.as_ref()).to_string()).collect::<Vec<_>>().join(", "));
    }
    for (key, text) in &seen {
        println!("{key}: {text}");
    }
    let mut values: Vec<i32> = (0..40).map(|n| n * 7919 % 101).collect();
    values.sort_by_cached_key(|&n| unsafe { wait(n) } % 50);
    println!("{values:?}");
}
