;; An element of the global object, before the first.
;; expect: 70 go
(module
  (import "gojs" "syscall/js.valueIndex" (func $valueIndex (param i32)))
  (memory (export "mem") 2)
  (func (export "getsp") (result i32) (i32.const 1024))
  (func (export "resume"))
  (func (export "run") (param $argc i32) (param $argv i32)
    (i64.store (i32.const 1032) (i64.const 0x7ff8000100000005))
    (i64.store (i32.const 1040) (i64.const -1))
    (call $valueIndex (i32.const 1024))))
