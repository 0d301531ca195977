;; Waits, then answers with the request.
(module
  (import "env" "wait" (func $wait (param i32)))
  (memory 1)
  (func (export "echo_") (param $len i32) (param $req i32) (param $out i32) (param $err i32) (result i64)
    (call $wait (i32.load8_u (local.get $req)))
    (i32.store8 (local.get $out) (i32.load8_u (local.get $req)))
    (i64.or (i64.shl (i64.extend_i32_u (local.get $len)) (i64.const 32)) (i64.extend_i32_u (local.get $out)))))
