;; The cheapest host that there can be: the measured functions of WASI, which do nothing, in a module of their own.
(module
  (func (export "clock_time_get") (param i32 i64 i32) (result i32) (i32.const 0))
  (func (export "fd_write") (param i32 i32 i32 i32) (result i32) (i32.const 0)))
