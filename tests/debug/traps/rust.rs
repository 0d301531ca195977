// Traps in Rust: panics end with one, deep in the standard library.

// Hides a value from the optimiser.
#[inline(never)]
fn black_box<T>(value: T) -> T {
    let value = std::mem::ManuallyDrop::new(value);
    unsafe { std::ptr::read_volatile(&*value) }
}

struct Account {
    money: u32,
}

impl Account {
    #[inline(never)]
    fn take(&mut self, amount: u32) {
        self.money = self.money.checked_sub(amount).unwrap(); // calls unwrap
    }
}

#[inline(never)]
fn index(items: &[u32], at: usize) -> u32 {
    items[at] // calls index
}

#[inline(always)]
fn explicit(name: &str) {
    panic!("{name}"); // calls panic
}

#[inline(never)]
fn divide(by: i32) -> i32 {
    100 / by // calls divide
}

trait Shape {
    fn area(&self) -> i32;
}

struct Square(i32);

impl Shape for Square {
    fn area(&self) -> i32 {
        if self.0 == 2 {
            core::arch::wasm32::unreachable() // trap dynamic
        }
        self.0
    }
}

#[inline(never)]
fn generic<T: Copy + Into<u64>>(value: T) -> u64 {
    if black_box(true) {
        core::arch::wasm32::unreachable(); // trap generic
    }
    value.into()
}

mod inner {
    #[inline(never)]
    pub fn nested(depth: u32) {
        if depth == 3 {
            core::arch::wasm32::unreachable() // trap nested
        }
    }
}

fn run(name: &str) -> u64 {
    match name {
        "unwrap" => Account { money: 1 }.take(black_box(2)), // calls unwrap
        "index" => return index(&[1, 2, 3], black_box(3)) as u64, // calls index
        "panic" => explicit(name), // calls panic
        "divide" => return divide(black_box(0)) as u64, // calls divide
        "dynamic" => {
            let shape: Box<dyn Shape> = black_box(Box::new(Square(2)));
            return shape.area() as u64; // calls dynamic
        }
        "closure" => {
            let f = |by: u32| {
                if black_box(by) == 0 {
                    core::arch::wasm32::unreachable() // trap closure
                }
            };
            black_box(0..1).for_each(f); // calls closure
        }
        "generic" => return generic(black_box(7u32)), // calls generic
        "nested" => inner::nested(black_box(3)), // calls nested
        "expect" => {
            let nothing: Option<u64> = black_box(None);
            return nothing.expect("something"); // calls expect
        }
        "utf8" => {
            let text = "é";
            return text[black_box(1)..].len() as u64; // calls utf8
        }
        "borrow" => {
            let cell = std::cell::RefCell::new(black_box(1));
            let first = cell.borrow_mut();
            return *first as u64 + *cell.borrow() as u64; // calls borrow
        }
        "parse" => return black_box("x").parse::<u64>().unwrap(), // calls parse
        "copy" => [0u8; 4][..black_box(4)].copy_from_slice(&[1; 5][..black_box(5)]), // calls copy
        "order" => return [1u8, 2, 3][black_box(3)..black_box(1)].len() as u64, // calls order
        _ => {}
    }
    0
}

/// # Safety
/// The caller passes a request of the length that the ABI says.
#[no_mangle]
pub unsafe extern "C" fn trap_(req_len: u32, req: *const u8, _out: *mut u8, err: *mut i32) -> u64 {
    let name = std::str::from_utf8(std::slice::from_raw_parts(req, req_len as usize)).unwrap();
    let result = run(name); // calls all
    *err = 1;
    result
}
