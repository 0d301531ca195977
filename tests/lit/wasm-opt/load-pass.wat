;; A plugin's passes are passes like any other, wherever --load-pass stands among the arguments.

;; RUN: wasm-opt --load-pass %plugins/libcount-exports.so %s --count-exports -q | FileCheck %s
;; RUN: wasm-opt %s --load-pass %plugins/libcount-exports.so --count-exports -q | FileCheck %s
;; RUN: wasm-opt %s --count-exports -q --load-pass %plugins/libcount-exports.so | FileCheck %s
;; RUN: wasm-opt %s --load-pass=%plugins/libcount-exports.so --count-exports -q | FileCheck %s

;; Given twice, under one name or two, it is loaded once.
;; RUN: wasm-opt --load-pass %plugins/libcount-exports.so --load-pass %plugins/../tests/libcount-exports.so %s --count-exports -q | FileCheck %s

;; A name without a slash is a file in the current folder.
;; RUN: cd %plugins && wasm-opt --load-pass libcount-exports.so %s --count-exports -q | FileCheck %s

;; The output is written as ever.
;; RUN: wasm-opt --load-pass %plugins/libcount-exports.so %s --count-exports -o %t.wasm | FileCheck %s
;; RUN: wasm-dis %t.wasm | FileCheck %s --check-prefix=WRITTEN

;; CHECK:      count-exports: 3
;; CHECK-NEXT:   add (func)
;; CHECK-NEXT:   memory (memory)
;; CHECK-NEXT:   counter (global)
;; CHECK-NOT:  count-exports

;; WRITTEN: (export "counter" (global

(module
  (memory $memory 1)
  (global $counter (mut i32) (i32.const 0))
  (func $add (export "add") (param $a i32) (param $b i32) (result i32)
    (i32.add (local.get $a) (local.get $b)))
  (export "memory" (memory $memory))
  (export "counter" (global $counter)))
