;; Its elements are not there when p starts, and stay when p has.
(module
  (import "p" "t" (table $t 4 funcref))
  (import "p" "was_null" (func $was (result i32)))
  (import "p" "call1" (func $call1 (result i32)))
  (func $theirs (result i32) (i32.const 2))
  (elem (table $t) (i32.const 0) func $theirs $theirs)
  (func (export "was_null") (result i32) (call $was))
  (func (export "call1") (result i32) (call $call1)))
