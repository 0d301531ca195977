;; Catches what a service throws that stands in for the host, and what its standing in does to descriptors.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (memory (export "memory") 2)
  (data (i32.const 16) "\00\10\00\00\50\c3\00\00")
  (func (export "run") (param $times i32) (result i32) (local $caught i32)
    (loop $again
      (block $all
        (try_table (catch_all $all)
          (drop (call $write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 8))))
        (unreachable))
      (block $all
        (try_table (catch_all $all)
          (drop (call $random (i32.const 4096) (i32.const 50000))))
        (unreachable))
      (local.set $caught (i32.add (local.get $caught) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $caught) (local.get $times))))
    (local.get $caught)))
