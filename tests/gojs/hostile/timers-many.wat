;; 20000 timers at once.
;; expect: 7
(module
  (import "gojs" "runtime.scheduleTimeoutEvent" (func $scheduleTimeoutEvent (param i32)))
  (import "gojs" "runtime.wasmExit" (func $wasmExit (param i32)))
  (memory (export "mem") 2)
  (func (export "getsp") (result i32) (i32.const 1024))
  (func (export "resume"))
  (func (export "run") (param $argc i32) (param $argv i32)
    (local $i i32)
    (loop $again
      (i64.store (i32.const 1032) (i64.const 100000))
      (call $scheduleTimeoutEvent (i32.const 1024))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 20000))))
    (i32.store (i32.const 1032) (i32.const 7))
    (call $wasmExit (i32.const 1024))))
