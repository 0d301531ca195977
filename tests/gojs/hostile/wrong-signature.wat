;; A function of the shim with a signature that no version has.
;; expect: refused
(module
  (import "gojs" "runtime.wasmExit" (func $wasmExit (param i32 i32)))
  (memory (export "mem") 2)
  (func (export "getsp") (result i32) (i32.const 1024))
  (func (export "resume"))
  (func (export "run") (param i32 i32) (call $wasmExit (i32.const 0) (i32.const 0))))
