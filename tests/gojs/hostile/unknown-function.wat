;; A function that no version of the shim has.
;; expect: refused
(module
  (import "gojs" "syscall/js.valueFrobnicate" (func $f (param i32)))
  (import "gojs" "runtime.wasmExit" (func $wasmExit (param i32)))
  (memory (export "mem") 2)
  (func (export "getsp") (result i32) (i32.const 1024))
  (func (export "resume"))
  (func (export "run") (param i32 i32) (call $f (i32.const 1024)) (call $wasmExit (i32.const 1024))))
