;; Catches what passes through adapters of both kinds, and in the end calls without an exception.
(module
  (import "thrower" "bytes" (func $bytes (param i32 i32) (result i64)))
  (import "thrower" "work_" (func $work (param i32 i32 i32 i32) (result i64)))
  (import "quiet" "pass_" (func $pass (param i32 i32 i32 i32) (result i64)))
  (import "thrower" "t" (tag $t (param i64)))
  (memory (export "memory") 2)
  (func (export "malloc") (param i32) (result i32) (i32.const 2048))
  ;; How many of so many exceptions are caught.
  (func (export "run") (param $times i32) (result i32) (local $caught i32)
    (loop $again
      (drop (block $h (result i64)
        (try_table (catch $t $h)
          (drop (call $bytes (i32.const 4096) (i32.const 60000))))
        (i64.const 0)))
      (block $all
        (try_table (catch_all $all)
          (drop (call $work (i32.const 50000) (i32.const 4096) (i32.const 8) (i32.const 0))))
        (unreachable))
      ;; Through two adapters.
      (block $all
        (try_table (catch_all $all)
          (drop (call $pass (i32.const 50000) (i32.const 4096) (i32.const 8) (i32.const 0))))
        (unreachable))
      (local.set $caught (i32.add (local.get $caught) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $caught) (local.get $times))))
    (local.get $caught)))
