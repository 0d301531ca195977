(module
  (import "program" "_start" (func $start))
  (func (export "wait") (param i32) (result i32) (i32.const 0))
  (func (export "call") (call $start))
  (func (export "_start") (call $start)))
