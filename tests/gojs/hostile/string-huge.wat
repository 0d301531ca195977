;; A string as long as memory can be: 2^32 bytes.
;; expect: 70 gojs runtime: the program passes bytes outside of its memory to syscall/js.stringVal
(module
  (import "gojs" "syscall/js.stringVal" (func $stringVal (param i32)))
  (memory (export "mem") 2)
  (func (export "getsp") (result i32) (i32.const 1024))
  (func (export "resume"))
  (func (export "run") (param $argc i32) (param $argv i32)
    (i64.store (i32.const 1032) (i64.const 2048))
    (i64.store (i32.const 1040) (i64.const 0x100000000))
    (call $stringVal (i32.const 1024))))
