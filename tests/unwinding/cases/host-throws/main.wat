;; The exception is the host's: caught here, and then not.
(module
  (import "thrower" "work" (func $work (param i32 i32) (result i64)))
  (memory (export "memory") 2)
  (func (export "malloc") (param i32) (result i32) (i32.const 2048))
  (func (export "run") (param $times i32) (result i32) (local $caught i32)
    (loop $again
      (block $h (try_table (catch_all $h) (drop (call $work (i32.const 4096) (i32.const 60000)))))
      (local.set $caught (i32.add (local.get $caught) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $caught) (local.get $times))))
    (local.get $caught))
  (func (export "not") (param i32) (result i32)
    (drop (call $work (i32.const 4096) (i32.const 60000)))
    (i32.const 1)))
