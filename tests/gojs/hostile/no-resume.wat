;; Go's imports, but not what every Go program exports.
;; expect: refused
(module
  (import "gojs" "runtime.wasmExit" (func $wasmExit (param i32)))
  (memory (export "mem") 2)
  (func (export "run") (param i32 i32) (call $wasmExit (i32.const 1024))))
