;; A slice of negative length to copy to.
;; expect: 70 gojs runtime: the program passes bytes outside of its memory to syscall/js.copyBytesToGo
(module
  (import "gojs" "syscall/js.copyBytesToGo" (func $copyBytesToGo (param i32)))
  (memory (export "mem") 2)
  (func (export "getsp") (result i32) (i32.const 1024))
  (func (export "resume"))
  (func (export "run") (param $argc i32) (param $argv i32)
    (i64.store (i32.const 1032) (i64.const 2048))
    (i64.store (i32.const 1040) (i64.const -1))
    (i64.store (i32.const 1048) (i64.const -1))
    (i64.store (i32.const 1056) (i64.const 0x7ff8000100000005))
    (call $copyBytesToGo (i32.const 1024))))
