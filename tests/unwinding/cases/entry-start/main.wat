;; Has a start function, and hosts that know it call `run`.
(module
  (import "p" "get" (func $get (result i32)))
  (memory (export "memory") 1)
  (global $n (mut i32) (i32.const 0))
  (func $s (global.set $n (i32.add (call $get) (i32.const 5))))
  (start $s)
  (func (export "run") (result i32) (i32.add (global.get $n) (call $get))))
