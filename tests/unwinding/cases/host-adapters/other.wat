;; The host's functions throw; their adapters have bytes in arenas: of one buffer, and of pairs of buffers.
(module
  (import "env" "fail_at" (func $fail (param i32 i32)))
  (import "env" "fail_all" (func $fail_all (param i32 i32)))
  (memory (export "memory") 2)
  (data (i32.const 16) "\00\10\00\00\50\c3\00\00")
  (func (export "run") (param $times i32) (result i32) (local $caught i32)
    (loop $again
      (block $h (try_table (catch_all $h) (call $fail (i32.const 4096) (i32.const 50000)) (unreachable)))
      (block $h (try_table (catch_all $h) (call $fail_all (i32.const 16) (i32.const 1)) (unreachable)))
      (local.set $caught (i32.add (local.get $caught) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $caught) (local.get $times))))
    (local.get $caught)))
