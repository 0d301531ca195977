(module
  (memory (export "memory") 1)
  (tag $t (export "t") (param i64))
  (func (export "work_") (param i32 i32 i32 i32) (result i64) (throw $t (i64.const 7))))
