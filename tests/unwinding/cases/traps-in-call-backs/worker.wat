;; 0 traps; n has the host call back with n-1 and catch what comes, eight times, and answers with n, which has to be where it was.
(module
  (import "env" "try_back" (func $back (param i32)))
  (memory 1)
  (func (export "work_") (param $bytes i32) (param $at i32) (param $out i32) (param i32) (result i64) (local $i i32)
    (if (i32.eqz (i32.load (local.get $at))) (then unreachable))
    (loop $more
      (call $back (i32.sub (i32.load (local.get $at)) (i32.const 1)))
      (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 8))))
    (i32.store (local.get $out) (i32.load (local.get $at)))
    (i64.or (i64.const 0x400000000) (i64.extend_i32_u (local.get $out)))))
