(module
  (table $t (export "t") 4 funcref)
  (type $f (func (result i32)))
  (elem declare func $mine)
  (global $seen (mut i32) (i32.const -1))
  (func $mine (result i32) (i32.const 1))
  (func $start
    (global.set $seen (ref.is_null (table.get $t (i32.const 0))))
    (table.set $t (i32.const 1) (ref.func $mine)))
  (start $start)
  (func (export "was_null") (result i32) (global.get $seen))
  (func (export "call1") (result i32) (call_indirect $t (type $f) (i32.const 1))))
