;; Clears a timer that there is not, sets one after 10^11 years and one before now, and exits.
;; expect: 7
(module
  (import "gojs" "runtime.scheduleTimeoutEvent" (func $scheduleTimeoutEvent (param i32)))
  (import "gojs" "runtime.wasmExit" (func $wasmExit (param i32)))
  (import "gojs" "runtime.clearTimeoutEvent" (func $clearTimeoutEvent (param i32)))
  (memory (export "mem") 2)
  (func (export "getsp") (result i32) (i32.const 1024))
  (func (export "resume"))
  (func (export "run") (param $argc i32) (param $argv i32)
    (i32.store (i32.const 1032) (i32.const 99))
    (call $clearTimeoutEvent (i32.const 1024))
    (i64.store (i32.const 1032) (i64.const 0x4000000000000000))
    (call $scheduleTimeoutEvent (i32.const 1024))
    (i64.store (i32.const 1032) (i64.const -3))
    (call $scheduleTimeoutEvent (i32.const 1024))
    (i32.store (i32.const 1032) (i32.const 7))
    (call $wasmExit (i32.const 1024))))
