;; What runs a program, and answers its blocking imports, in the same module as the program, as coroutines.h has it.
;; run.py puts it in front of the program with wasm-merge, so that every engine runs the two as a command.
;;
;; Each question is answered after @YIELDS@ yields. In place of @COROUTINE@ are imports of the program's exports, or
;; functions that do nothing, for a program as it is. Whatever is wrong traps in a function that says what.
(module
  (import "program" "_start" (func $start))
  (@COROUTINE@)
  (global $left (mut i32) (i32.const -1))     ;; yields, until the question is answered; -1: there is none
  (global $number (mut i64) (i64.const 0))    ;; the question
  (global $fraction (mut f64) (f64.const 0))
  (global $answered (export "answered") (mut i32) (i32.const 0))
  (global $yields (mut i32) (i32.const 0))
  (global $resumes (mut i32) (i32.const 0))
  (global $exited (mut i32) (i32.const -1))

  (func $another_question_than_before (unreachable))
  (func $resumed_after_exit (unreachable))
  (func $not_every_yield_was_resumed (unreachable))
  (func $wrong_number_of_yields (unreachable))
  (func $wrong_number_of_questions (unreachable))
  (func $wrong_exit_code (unreachable))

  (func $ready (param $a i64) (param $b f64) (result i32)
    (if (i32.ge_s (global.get $exited) (i32.const 0)) (then (call $resumed_after_exit)))
    (if (i32.lt_s (global.get $left) (i32.const 0))
      (then
        (global.set $left (i32.const @YIELDS@))
        (global.set $number (local.get $a))
        (global.set $fraction (local.get $b)))
      (else
        (if (i32.or (i64.ne (global.get $number) (local.get $a)) (f64.ne (global.get $fraction) (local.get $b)))
          (then (call $another_question_than_before)))))
    (if (global.get $left)
      (then
        (global.set $left (i32.sub (global.get $left) (i32.const 1)))
        (global.set $yields (i32.add (global.get $yields) (i32.const 1)))
        (call $yield)
        (return (i32.const 0))))
    (global.set $left (i32.const -1))
    (global.set $answered (i32.add (global.get $answered) (i32.const 1)))
    (i32.const 1))

  (func (export "wait") (param $question i32) (result i32)
    (if (i32.eqz (call $ready (i64.extend_i32_u (local.get $question)) (f64.const 0)))
      (then (return (i32.const 0x0bad0bad))))
    (i32.add (i32.mul (local.get $question) (i32.const 3)) (global.get $answered)))

  (func (export "wait_wide") (param $a i64) (param $b f64) (result f64)
    (if (i32.eqz (call $ready (local.get $a) (local.get $b)))
      (then (return (f64.const nan))))
    (f64.add (f64.add (f64.convert_i64_s (local.get $a)) (f64.mul (local.get $b) (f64.const 0.5)))
             (f64.convert_i32_s (global.get $answered))))

  ;; proc_exit as a kernel has it: the program is left unwound for good.
  (func (export "exit") (param $code i32)
    (global.set $exited (local.get $code))
    (call $yield))

  (func (export "_start")
    (call $start)
    (block $ended
      (loop $again
        (br_if $ended (i32.eqz (call $yielded)))
        (br_if $ended (i32.ge_s (global.get $exited) (i32.const 0)))
        (call $meanwhile)
        (global.set $resumes (i32.add (global.get $resumes) (i32.const 1)))
        (call $resume)
        (br $again)))
    (call $resume_if_ended)
    (if (i32.ne (global.get $resumes) (global.get $yields)) (then (call $not_every_yield_was_resumed)))
    (if (i32.ne (global.get $yields) (i32.const @TOTAL@)) (then (call $wrong_number_of_yields)))
    (if (i32.ne (global.get $answered) (i32.const @QUESTIONS@)) (then (call $wrong_number_of_questions)))
    (if (i32.ne (global.get $exited) (i32.const @EXIT@)) (then (call $wrong_exit_code))))

  ;; Where the program did not yield, parigot.resume does nothing.
  (func $resume_if_ended
    (if (i32.eqz (call $yielded)) (then (call $resume))))
)
