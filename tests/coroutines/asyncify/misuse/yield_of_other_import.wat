;; That import was not said to block, and so its caller cannot unwind.
(module
  (import "program" "_start" (func $start))
  (import "program" "parigot.yield" (func $yield))
  (func (export "wait") (param i32) (result i32) (i32.const 0))
  (func (export "call") (call $yield))
  (func (export "_start") (call $start)))
