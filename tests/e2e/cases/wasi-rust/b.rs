mod work;
use work::work;

/// # Safety
/// The caller passes buffers of the sizes that the ABI says.
#[no_mangle]
pub unsafe extern "C" fn work_(req_len: u32, req: *const u8, out: *mut u8, err: *mut i32) -> u64 {
    let who = String::from_utf8_lossy(std::slice::from_raw_parts(req, req_len as usize)).into_owned();
    work(&who);
    let reply = format!("{} is done: {:?}", who, std::env::args().collect::<Vec<_>>());
    std::ptr::copy_nonoverlapping(reply.as_ptr(), out, reply.len());
    *err = 0;
    (reply.len() as u64) << 32 | out as usize as u64
}

