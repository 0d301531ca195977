(module
  (import "worker" "echo_" (func $echo (param i32 i32 i32 i32) (result i64)))
  (memory (export "memory") 4)
  (func (export "run") (param $tag i32) (result i32) (local $at i32)
    (local.set $at (i32.mul (local.get $tag) (i32.const 8192)))
    (i32.store8 (local.get $at) (local.get $tag))
    (drop (call $echo (i32.const 1) (local.get $at) (i32.add (local.get $at) (i32.const 16)) (i32.add (local.get $at) (i32.const 8))))
    (i32.load8_u (i32.add (local.get $at) (i32.const 16)))))
