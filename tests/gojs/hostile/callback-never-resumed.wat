;; A function whose id means nothing to the program, which ignores the event: there is no result.
;; expect: 70 gojs runtime: the program waits for what can never happen, and does not say so
(module
  (import "gojs" "syscall/js.valueCall" (func $valueCall (param i32)))
  (import "gojs" "syscall/js.valueInvoke" (func $valueInvoke (param i32)))
  (memory (export "mem") 2)
  (data (i32.const 2048) "_makeFuncWrapper")
  (data (i32.const 2064) "Array")
  (func (export "getsp") (result i32) (i32.const 1024))
  (func (export "resume"))
  (func (export "run") (param $argc i32) (param $argv i32)
    (i64.store (i32.const 1032) (i64.const 0x7ff8000100000006))
    (i64.store (i32.const 1040) (i64.const 2048))
    (i64.store (i32.const 1048) (i64.const 16))
    (i64.store (i32.const 4096) (i64.const 0x4014000000000000)) ;; 5
    (i64.store (i32.const 1056) (i64.const 4096))
    (i64.store (i32.const 1064) (i64.const 1))
    (i64.store (i32.const 1072) (i64.const 1))
    (call $valueCall (i32.const 1024))
    (i64.store (i32.const 3080) (i64.load (i32.const 1080)))
    (i64.store (i32.const 3088) (i64.const 0))
    (i64.store (i32.const 3096) (i64.const 0))
    (i64.store (i32.const 3104) (i64.const 0))
    (call $valueInvoke (i32.const 3072))))
