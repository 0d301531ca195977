;; A pass that throws ends wasm-opt with one line and exit code 1: no dump of the module, no output file, no crash.

;; RUN: rm -f %t.wasm

;; What was printed before the error still is.
;; RUN: sh -c 'wasm-opt --load-pass %plugins/libcount-exports.so %s --count-exports=0 -o %t.wasm >%t.out 2>%t.err; test $? = 1'
;; RUN: FileCheck %s --check-prefix=OUT < %t.out
;; RUN: FileCheck %s --check-prefix=ERR < %t.err
;; RUN: test ! -e %t.wasm
;; OUT:      count-exports: 1
;; OUT-NEXT:   spin (func)
;; OUT-NOT:  {{.}}
;; ERR-NOT:  {{.}}
;; ERR:      {{^}}wasm-opt: error: count-exports: there are 1 exports, and at most 0 are allowed{{$}}
;; ERR-NOT:  {{.}}

;; The same when a function-parallel pass throws, on whatever thread it runs.
;; RUN: sh -c 'BINARYEN_CORES=1 wasm-opt --load-pass %plugins/libcount-exports.so %s --refuse-loops -o %t.wasm >%t.out 2>%t.err; test $? = 1'
;; RUN: FileCheck %s --check-prefix=LOOP < %t.err
;; RUN: sh -c 'BINARYEN_CORES=4 wasm-opt --load-pass %plugins/libcount-exports.so %s --refuse-loops -o %t.wasm >%t.out 2>%t.err; test $? = 1'
;; RUN: FileCheck %s --check-prefix=LOOP < %t.err
;; RUN: test ! -e %t.wasm
;; LOOP-NOT: {{.}}
;; LOOP:     {{^}}wasm-opt: error: refuse-loops: function spin has a loop{{$}}
;; LOOP-NOT: {{.}}

;; Upstream's errors stay upstream's.
;; RUN: not wasm-opt --load-pass %plugins/libcount-exports.so %s --no-such-pass 2>&1 | FileCheck %s --check-prefix=UNKNOWN
;; UNKNOWN: {{^}}Unknown option '--no-such-pass'{{$}}

(module
  (func $spin (export "spin")
    (loop $forever (br $forever)))
  (func $still))
