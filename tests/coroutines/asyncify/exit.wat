;; proc_exit, answered by the driver.
(module
  (import "test" "exit" (func $exit (param i32)))
  (export "proc_exit" (func $exit)))
