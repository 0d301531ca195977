;; Legacy, with a tag of a service that has the standard encoding.
(module (import "std" "t" (tag $t (param i32))) (import "std" "thrower" (func $thrower (param i32)))
 (import "std" "work_" (func $work (param i32 i32 i32 i32) (result i64)))
 (memory (export "memory") 2)
 (func (export "run") (param i32) (result i32) (local $n i32)
  (loop $l
   (try $outer
     (do
       (try $inner
         (do (call $thrower (local.get 0)))
         (catch $t
           (local.set $n (i32.add (local.get $n)))
           (rethrow $inner))))
     (catch_all (local.set $n (i32.add (local.get $n) (i32.const 100)))))
   (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
  (local.get $n))
 (func (export "deleg") (param i32) (result i32)
   (try $t (result i32)
     (do
       (try
         (do (try (do (call $thrower (local.get 0))) (delegate $t)))
         (catch_all (return (i32.const 7))))
       (i32.const 1))
     (catch $t (i32.add (i32.const 1000)))))
 (func (export "many") (param i32) (result i32) (local $n i32)
  (loop $l
   (try (do (drop (call $work (i32.const 60000) (i32.const 0) (i32.const 0) (i32.const 0))))
     (catch $t (local.set $n (i32.add (local.get $n)))))
   (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
  (local.get $n)))
