// Rates by the number of pieces.

struct Rule {
    least: u8,
    less: u8,
}

static RULE: Rule = Rule { least: 3, less: 10 };
static mut ASKED: i32 = 0;

fn percent(pieces: u8) -> u8 {
    let mut rate = 100; // stop percent
    let rule = &RULE;
    if pieces >= rule.least {
        rate -= rule.less; // stop many
    }
    rate
}

/// # Safety
/// The caller passes a request of the length that the ABI says.
#[no_mangle]
pub unsafe extern "C" fn rate_(req_len: u32, req: *const u8, out: *mut u8, err: *mut i32) -> u64 { // stop declared
    let pieces = if req_len == 1 { *req } else { 0 }; // stop entry
    ASKED -= 1;
    *out = percent(pieces); // below percent
    *err = 0;
    1u64 << 32 | out as u64
}
