;; A call with 2^61 + 1 arguments: times 8 that is 8.
;; expect: 70 gojs runtime: the program passes bytes outside of its memory to syscall/js.valueCall
(module
  (import "gojs" "syscall/js.valueCall" (func $valueCall (param i32)))
  (memory (export "mem") 2)
  (func (export "getsp") (result i32) (i32.const 1024))
  (func (export "resume"))
  (func (export "run") (param $argc i32) (param $argv i32)
    (i64.store (i32.const 2048) (i64.const 0x776f6e))
    (i64.store (i32.const 1032) (i64.const 0x7ff8000100000005))
    (i64.store (i32.const 1040) (i64.const 2048))
    (i64.store (i32.const 1048) (i64.const 3))
    (i64.store (i32.const 1056) (i64.const 4096))
    (i64.store (i32.const 1064) (i64.const 0x2000000000000001))
    (i64.store (i32.const 1072) (i64.const 0x2000000000000001))
    (call $valueCall (i32.const 1024))))
