;; The sum of n, n-1, .., by calls back, each added to what was asked first.
(module
  (import "env" "back" (func $back (param i32) (result i32)))
  (memory 1)
  (func (export "work_") (param $bytes i32) (param $at i32) (param $out i32) (param i32) (result i64) (local $rest i32)
    (if (i32.load (local.get $at))
      (then (local.set $rest (call $back (i32.sub (i32.load (local.get $at)) (i32.const 1))))))
    (i32.store (local.get $out) (i32.add (local.get $rest) (i32.load (local.get $at))))
    (i64.or (i64.const 0x400000000) (i64.extend_i32_u (local.get $out)))))
