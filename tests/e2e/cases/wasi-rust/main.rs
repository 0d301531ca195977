// Both services do the same work with WASI, through Rust's library.
mod work;
use work::work;

#[link(wasm_import_module = "b")]
extern "C" {
    #[link_name = "work_"]
    fn work_b(req_len: u32, req: *const u8, out: *mut u8, err: *mut i32) -> u64;
}

fn main() {
    println!("{:?}", std::env::args().collect::<Vec<_>>());
    work("main");
    let (mut out, mut err) = ([0u8; 4096], -1);
    let reply = unsafe { work_b(1, b"b".as_ptr(), out.as_mut_ptr(), &mut err) };
    println!("{} {}", String::from_utf8_lossy(&out[..(reply >> 32) as usize]), err);
}
