;; A plugin's passes run where they are named: before, between and after those of Binaryen, -O levels included.

;; RUN: wasm-opt --load-pass %plugins/libcount-exports.so %s --count-exports --metrics --count-exports -O2 --refuse-loops -q | FileCheck %s --check-prefix=MIXED
;; MIXED:      count-exports: 1
;; MIXED:      [exports]
;; MIXED:      count-exports: 1
;; MIXED-NOT:  count-exports

;; The loop goes away with -O2: a pass before it sees the loop, a pass after it does not.
;; RUN: wasm-opt --load-pass %plugins/libcount-exports.so %s -O2 --refuse-loops --count-exports -S -o - | FileCheck %s --check-prefix=AFTER
;; RUN: not wasm-opt --load-pass %plugins/libcount-exports.so %s --refuse-loops -O2 -S -o - 2>&1 | FileCheck %s --check-prefix=BEFORE

;; AFTER:      count-exports: 1
;; AFTER:      (module
;; AFTER-NOT:  loop
;; AFTER:      (i32.const 42)

;; BEFORE-NOT: {{.}}
;; BEFORE:     wasm-opt: error: refuse-loops: function answer has a loop
;; BEFORE-NOT: {{.}}

;; Without a plugin loaded, and with one, -O2 makes the same bytes.
;; RUN: wasm-opt %s -O2 -o %t.without.wasm
;; RUN: wasm-opt --load-pass %plugins/libcount-exports.so %s -O2 -o %t.with.wasm
;; RUN: cmp %t.without.wasm %t.with.wasm

(module
  (func $answer (export "answer") (result i32)
    (loop $never-repeated
      (br_if $never-repeated (i32.const 0)))
    (i32.const 42)))
