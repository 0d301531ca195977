;; Knows nothing of exceptions.
(module
  (import "thrower" "work_" (func $work (param i32 i32 i32 i32) (result i64)))
  (memory (export "memory") 1)
  (func (export "pass_") (param i32 i32 i32 i32) (result i64)
    (call $work (local.get 0) (local.get 1) (local.get 2) (local.get 3))))
