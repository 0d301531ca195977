;; The stack pointer is so near the end of memory that the result has no room.
;; expect: 70 gojs runtime: the program passes bytes outside of its memory to runtime.nanotime1
(module
  (import "gojs" "runtime.nanotime1" (func $nanotime1 (param i32)))
  (memory (export "mem") 2)
  (func (export "getsp") (result i32) (i32.const 1024))
  (func (export "resume"))
  (func (export "run") (param $argc i32) (param $argv i32)
    (call $nanotime1 (i32.const 131068))))
