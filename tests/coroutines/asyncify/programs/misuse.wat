;; For drivers that do what is not allowed.
(module
  (import "test" "wait" (func $wait (param i32) (result i32)))
  (import "other" "call" (func $call))
  (memory (export "memory") 1)
  (func (export "malloc") (param i32) (result i32) (i32.const 0)) ;; there is never any
  (func (export "_start")
    (call $call)
    (drop (call $wait (i32.const 1))))
  (func (export "function") (drop (call $wait (i32.const 2)))))
