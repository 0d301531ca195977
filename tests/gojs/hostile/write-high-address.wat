;; The address of what it writes has more than 32 bits, of which the low ones look good.
;; expect: 70 gojs runtime: the program passes bytes outside of its memory to runtime.wasmWrite
(module
  (import "gojs" "runtime.wasmWrite" (func $wasmWrite (param i32)))
  (memory (export "mem") 2)
  (func (export "getsp") (result i32) (i32.const 1024))
  (func (export "resume"))
  (func (export "run") (param $argc i32) (param $argv i32)
    (i64.store (i32.const 1032) (i64.const 1))
    (i64.store (i32.const 1040) (i64.const 0x100000400))
    (i32.store (i32.const 1048) (i32.const 4))
    (call $wasmWrite (i32.const 1024))))
