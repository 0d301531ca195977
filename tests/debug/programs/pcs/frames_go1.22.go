//go:build go1.22

package main

import "unsafe"

// What runtime/symtab.go and runtime/symtabinl.go declare.
type (
	funcInfo       struct{ function, module unsafe.Pointer }
	inlineUnwinder struct {
		function funcInfo
		tree     unsafe.Pointer
	}
	inlineFrame struct {
		pc    uintptr
		index int32
	}
	srcFunc struct {
		module    unsafe.Pointer
		nameOff   int32
		startLine int32
		funcID    uint8
	}
)

//go:linkname findfunc runtime.findfunc
func findfunc(pc uintptr) funcInfo

//go:linkname newInlineUnwinder runtime.newInlineUnwinder
func newInlineUnwinder(function funcInfo, pc uintptr) (inlineUnwinder, inlineFrame)

//go:linkname next runtime.(*inlineUnwinder).next
func next(unwinder *inlineUnwinder, at inlineFrame) inlineFrame

//go:linkname srcFuncOf runtime.(*inlineUnwinder).srcFunc
func srcFuncOf(unwinder *inlineUnwinder, at inlineFrame) srcFunc

//go:linkname fileLine runtime.(*inlineUnwinder).fileLine
func fileLine(unwinder *inlineUnwinder, at inlineFrame) (string, int)

//go:linkname nameOf runtime.srcFunc.name
func nameOf(function srcFunc) string

func framesOf(pc uintptr) (frames []frame) {
	function := findfunc(pc)
	if function.function == nil {
		return []frame{{}}
	}
	unwinder, at := newInlineUnwinder(function, pc)
	for ; at.pc != 0; at = next(&unwinder, at) {
		file, line := fileLine(&unwinder, at)
		frames = append(frames, frame{nameOf(srcFuncOf(&unwinder, at)), file, line})
	}
	return frames
}
