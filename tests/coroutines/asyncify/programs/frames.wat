;; For exhausted.mjs: frames with locals of all types below a question, and an allocator that says how much it was asked for.
(module
  (import "test" "wait" (func $wait (param i32) (result i32)))
  (memory (export "memory") 1)
  (global $asked (export "asked") (mut i32) (i32.const 0))
  (global $result (export "result") (mut f64) (f64.const 0))
  (func (export "malloc") (param i32) (result i32)
    (global.set $asked (local.get 0))
    (i32.const 1024))
  (func $frame (param $n i32) (param $wide i64) (param $narrow f32) (param $number f64) (result f64)
    (local $below f64)
    (if (i32.eqz (local.get $n))
      (then (return (f64.convert_i32_s (call $wait (i32.const 5))))))
    (local.set $below
      (call $frame
        (i32.sub (local.get $n) (i32.const 1))
        (i64.mul (local.get $wide) (i64.const 3))
        (f32.add (local.get $narrow) (f32.const 0.5))
        (f64.div (local.get $number) (f64.const 2))))
    (f64.add
      (f64.add (local.get $below) (f64.convert_i64_s (local.get $wide)))
      (f64.add (f64.promote_f32 (local.get $narrow)) (local.get $number))))
  (func (export "_start")
    (global.set $result (call $frame (i32.const 10) (i64.const 1) (f32.const 2) (f64.const 3)))))
