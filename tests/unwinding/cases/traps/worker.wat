;; Traps when the request is 0, else it is the reply.
(module
  (memory 1)
  (func (export "work_") (param $bytes i32) (param $at i32) (param $out i32) (param i32) (result i64)
    (if (i32.eqz (i32.load (local.get $at))) (then unreachable))
    (i32.store (local.get $out) (i32.load (local.get $at)))
    (i64.or (i64.const 0x400000000) (i64.extend_i32_u (local.get $out)))))
