;; Its malloc blocks, at the first yield of all.
(module
  (import "test" "wait" (func $wait (param i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "malloc") (param i32) (result i32) (call $wait (i32.const 2)))
  (func (export "_start")
    (drop (call $wait (i32.const 1)))))
