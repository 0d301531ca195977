;; The entry is on the stack, but this module's frame is between it and the function.
(module
  (import "program" "_start" (func $start))
  (import "program" "function" (func $function))
  (import "program" "parigot.yield" (func $yield))
  (func (export "wait") (param i32) (result i32) (call $yield) (i32.const 0))
  (func (export "call") (call $function))
  (func (export "_start") (call $start)))
