;; Asked for 0, it shows the host bytes for which main's arena has room, and then some for which it has not: a trap. Asked
;; for n, it asks main.
(module
  (import "env" "look" (func $look (param i32 i32 i32 i32)))
  (import "main" "answer_" (func $answer (param i32 i32 i32 i32) (result i64)))
  (memory 4)
  (func (export "work_") (param $bytes i32) (param $at i32) (param $out i32) (param i32) (result i64)
    (if (i32.eqz (i32.load (local.get $at)))
      (then
        (memory.fill (i32.const 1024) (i32.const 1) (i32.const 30000))
        (call $look (i32.const 1024) (i32.const 30000) (i32.const 1024) (i32.const 200000))))
    (drop (call $answer (i32.const 4) (local.get $at) (i32.const 64) (i32.const 0)))
    (i32.store (local.get $out) (i32.load (i32.const 64)))
    (i64.or (i64.const 0x400000000) (i64.extend_i32_u (local.get $out)))))
