;; Asks to be resumed, and has no event to look for when it is.
;; expect: 70 gojs runtime: the program does not clear a timer
(module
  (import "gojs" "runtime.scheduleTimeoutEvent" (func $scheduleTimeoutEvent (param i32)))
  (memory (export "mem") 2)
  (func (export "getsp") (result i32) (i32.const 1024))
  (func (export "resume"))
  (func (export "run") (param $argc i32) (param $argv i32)
    (i64.store (i32.const 1032) (i64.const 1))
    (call $scheduleTimeoutEvent (i32.const 1024))))
