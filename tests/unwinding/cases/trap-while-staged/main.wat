;; answer_ gives the sum of the bytes that it can read where its reply shall go, and of the first one that it was asked.
(module
  (import "worker" "work_" (func $work (param i32 i32 i32 i32) (result i64)))
  (memory (export "memory") 2)
  (func (export "answer_") (param $bytes i32) (param $at i32) (param $out i32) (param i32) (result i64) (local $i i32) (local $sum i32)
    (loop $next
      (local.set $sum (i32.add (local.get $sum) (i32.load8_u (i32.add (local.get $out) (local.get $i)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 4096))))
    (i32.store (local.get $out) (i32.add (local.get $sum) (i32.load (local.get $at))))
    (i64.or (i64.const 0x400000000) (i64.extend_i32_u (local.get $out))))
  (func (export "run") (param $n i32) (result i32)
    (i32.store (i32.const 4096) (local.get $n))
    (drop (call $work (i32.const 4) (i32.const 4096) (i32.const 64) (i32.const 0)))
    (i32.load (i32.const 64))))
