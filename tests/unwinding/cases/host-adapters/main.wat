;; Has the most instructions that touch memory, so that the other service's addresses are not the host's.
(module
  (import "other" "run" (func $run (param i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "run") (param i32) (result i32)
    (i32.store (i32.const 0) (i32.load (i32.const 4)))
    (i32.store (i32.const 8) (i32.load (i32.const 12)))
    (call $run (local.get 0))))
