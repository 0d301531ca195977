use std::collections::HashMap;
#[inline(always)]
fn clamp(v: i32, low: i32, high: i32) -> i32 {
    if v < low { return low; }
    if v > high { high } else { v }
}
trait Shape { fn area(&self) -> i32; fn twice(&self) -> i32 { self.area() * 2 } }
struct Square(i32);
struct Oblong { w: i32, h: i32 }
impl Shape for Square { fn area(&self) -> i32 { clamp(self.0 * self.0, 0, 1000) } }
impl Shape for Oblong { #[inline] fn area(&self) -> i32 { self.w * clamp(self.h, 1, 50) } }
fn total(shapes: &[Box<dyn Shape>]) -> i32 {
    shapes.iter().map(|s| s.twice()).filter(|a| a % 3 != 0).sum()
}
fn main() {
    let mut names: HashMap<String, i32> = HashMap::new();
    let mut shapes: Vec<Box<dyn Shape>> = Vec::new();
    for (i, word) in std::env::args().enumerate() {
        *names.entry(word).or_insert(0) += i as i32;
        shapes.push(Box::new(Square(i as i32)));
        shapes.push(Box::new(Oblong { w: i as i32, h: 3 }));
    }
    println!("{} {}", total(&shapes), names.len());
    if names.len() > 3 { panic!("too many: {}", names.len()); }
}
