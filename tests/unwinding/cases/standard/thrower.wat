(module
  (memory (export "memory") 1)
  (tag $t (export "t") (param i64))
  (func (export "malloc") (param i32) (result i32) (i32.const 1024))
  (func (export "bytes") (param i32 i32) (result i64) (throw $t (i64.const 7)))
  (func (export "work_") (param i32 i32 i32 i32) (result i64) (throw $t (i64.const 8))))
