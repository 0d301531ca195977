(module
  (import "worker" "work_" (func $work (param i32 i32 i32 i32) (result i64)))
  (memory (export "memory") 2)
  (func $run (export "run") (export "again") (param $n i32) (result i32)
    (i32.store (i32.const 4096) (local.get $n))
    (drop (call $work (i32.const 100) (i32.const 4096) (i32.const 64) (i32.const 0)))
    (i32.load (i32.const 64))))
