;; A plugin's pass takes its argument as Binaryen's do: with "=" or by --pass-arg.

;; RUN: wasm-opt --load-pass %plugins/libcount-exports.so %s --count-exports=2 -q | FileCheck %s
;; RUN: wasm-opt --load-pass %plugins/libcount-exports.so %s --count-exports --pass-arg=count-exports@2 -q | FileCheck %s
;; RUN: wasm-opt --load-pass %plugins/libcount-exports.so %s --count-exports --pass-arg count-exports@2 -q | FileCheck %s
;; CHECK: count-exports: 2

;; RUN: not wasm-opt --load-pass %plugins/libcount-exports.so %s --count-exports=1 -o %t.wasm 2>&1 | FileCheck %s --check-prefix=MANY
;; RUN: not wasm-opt --load-pass %plugins/libcount-exports.so %s --count-exports -pa count-exports@1 2>&1 | FileCheck %s --check-prefix=MANY
;; MANY: {{^}}wasm-opt: error: count-exports: there are 2 exports, and at most 1 are allowed{{$}}

;; RUN: not wasm-opt --load-pass %plugins/libcount-exports.so %s --count-exports=few 2>&1 | FileCheck %s --check-prefix=FEW
;; FEW: {{^}}wasm-opt: error: count-exports: 'few' is not a number{{$}}

;; An argument for a pass that was not asked for is upstream's error, as for Binaryen's own passes.
;; RUN: not wasm-opt --load-pass %plugins/libcount-exports.so %s --pass-arg=count-exports@2 2>&1 | FileCheck %s --check-prefix=UNUSED
;; UNUSED: Fatal: can't set count-exports: pass not enabled

(module
  (func (export "a"))
  (func (export "b")))
