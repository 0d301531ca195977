;; Random bytes, to where the runtime's own memory is.
;; expect: 70 gojs runtime: the program passes bytes outside of its memory to runtime.getRandomData
(module
  (import "gojs" "runtime.getRandomData" (func $getRandomData (param i32)))
  (memory (export "mem") 2)
  (func (export "getsp") (result i32) (i32.const 1024))
  (func (export "resume"))
  (func (export "run") (param $argc i32) (param $argv i32)
    (i64.store (i32.const 1032) (i64.const 0x70000000))
    (i64.store (i32.const 1040) (i64.const 4096))
    (i64.store (i32.const 1048) (i64.const 4096))
    (call $getRandomData (i32.const 1024))))
