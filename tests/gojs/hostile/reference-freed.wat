;; The length of a string that was freed, and freed again.
;; expect: 70 gojs runtime: 
(module
  (import "gojs" "syscall/js.stringVal" (func $stringVal (param i32)))
  (import "gojs" "syscall/js.finalizeRef" (func $finalizeRef (param i32)))
  (import "gojs" "syscall/js.valueLength" (func $valueLength (param i32)))
  (memory (export "mem") 2)
  (func (export "getsp") (result i32) (i32.const 1024))
  (func (export "resume"))
  (func (export "run") (param $argc i32) (param $argv i32)
    (i64.store (i32.const 1032) (i64.const 2048))
    (i64.store (i32.const 1040) (i64.const 4))
    (call $stringVal (i32.const 1024))
    (i64.store (i32.const 3080) (i64.load (i32.const 1048)))
    (call $finalizeRef (i32.const 3072))
    (call $finalizeRef (i32.const 3072))
    (call $valueLength (i32.const 3072))))
