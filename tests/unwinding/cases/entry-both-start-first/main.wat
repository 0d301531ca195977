;; As in entry-both.
(module
  (import "p" "get" (func $get (result i32)))
  (global $n (mut i32) (i32.const 0))
  (func (export "_initialize") (global.set $n (i32.add (global.get $n) (i32.add (i32.const 100) (call $get)))))
  (func (export "_start") (global.set $n (i32.add (global.get $n) (i32.add (i32.const 1000) (call $get)))))
  (func (export "sum") (result i32) (global.get $n)))
