;; Nobody could unwind this module's own frame, which is below that of the function.
(module
  (import "program" "function" (func $function))
  (import "program" "parigot.yield" (func $yield))
  (func (export "wait") (param i32) (result i32) (call $yield) (i32.const 0))
  (func (export "call"))
  (func (export "_start") (call $function)))
