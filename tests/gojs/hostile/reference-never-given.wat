;; A property of an object whose id was never given out.
;; expect: 70 gojs runtime: 
(module
  (import "gojs" "syscall/js.valueGet" (func $valueGet (param i32)))
  (memory (export "mem") 2)
  (func (export "getsp") (result i32) (i32.const 1024))
  (func (export "resume"))
  (func (export "run") (param $argc i32) (param $argv i32)
    (i64.store (i32.const 1040) (i64.const 2048))
    (i64.store (i32.const 1032) (i64.const 0x7ff8000100003039))
    (i64.store (i32.const 1048) (i64.const 1))
    (call $valueGet (i32.const 1024))))
