;; Catches what ends calls that are described by their parameters.
(module
  (import "lib" "read" (func $read (param i32 i32) (result i32)))
  (import "lib" "fill" (func $fill (param i32 i32)))
  (import "lib" "keep" (func $keep (param i32 i32 i32 i32) (result i32)))
  (import "lib" "kept" (func $kept (result i32)))
  (import "lib" "t" (tag $t (param i32)))
  (memory (export "memory") 2)
  ;; How many of so many exceptions are caught; what the service still has counts as ten thousand each.
  (func (export "run") (param $times i32) (result i32) (local $caught i32)
    (loop $again
      (drop (block $h (result i32)
        (try_table (catch $t $h)
          (drop (call $read (i32.const 4096) (i32.const 60000))))
        (unreachable)))
      (block $all
        (try_table (catch_all $all)
          (call $fill (i32.const 4096) (i32.const 60000)))
        (unreachable))
      ;; Two that the service's allocator has room for, and none at address 0.
      (block $all
        (try_table (catch_all $all)
          (drop (call $keep (i32.const 4096) (i32.const 5000) (i32.const 9000) (i32.const 5000))))
        (unreachable))
      (block $all
        (try_table (catch_all $all)
          (drop (call $keep (i32.const 4096) (i32.const 0) (i32.const 9000) (i32.const 5000))))
        (unreachable))
      (local.set $caught (i32.add (local.get $caught) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $caught) (local.get $times))))
    (i32.add (local.get $caught) (i32.mul (call $kept) (i32.const 10000))))
  ;; Without an exception the service releases what it was given once, too.
  (func (export "returns") (param i32) (result i32)
    (drop (call $keep (i32.const 4096) (i32.const 7) (i32.const 9000) (local.get 0)))
    (call $kept)))
