//go:build !go1.20

package main

import "unsafe"

// What runtime/symtab.go declares.
type (
	funcInfo    struct{ function, module unsafe.Pointer }
	inlinedCall struct {
		parent   int16
		funcID   uint8
		_        byte
		file     int32
		line     int32
		function int32
		parentPc int32
	}
)

const inliningTree, inliningIndex = 3, 2

//go:linkname findfunc runtime.findfunc
func findfunc(pc uintptr) funcInfo

//go:linkname funcdata runtime.funcdata
func funcdata(function funcInfo, table uint8) unsafe.Pointer

//go:linkname pcdatavalue1 runtime.pcdatavalue1
func pcdatavalue1(function funcInfo, table uint32, pc uintptr, cache unsafe.Pointer, strict bool) int32

//go:linkname funcline1 runtime.funcline1
func funcline1(function funcInfo, pc uintptr, strict bool) (string, int32)

//go:linkname funcname runtime.funcname
func funcname(function funcInfo) string

//go:linkname funcnameFromNameoff runtime.funcnameFromNameoff
func funcnameFromNameoff(function funcInfo, offset int32) string

// As gentraceback in runtime/traceback.go.
func framesOf(pc uintptr) (frames []frame) {
	function := findfunc(pc)
	if function.function == nil {
		return []frame{{}}
	}
	tree := (*[1 << 20]inlinedCall)(funcdata(function, inliningTree))
	for {
		file, line := funcline1(function, pc, false)
		index := int32(-1)
		if tree != nil {
			index = pcdatavalue1(function, inliningIndex, pc, nil, false)
		}
		if index < 0 {
			return append(frames, frame{funcname(function), file, int(line)})
		}
		frames = append(frames, frame{funcnameFromNameoff(function, tree[index].function), file, int(line)})
		pc = pc>>slotShift<<slotShift + uintptr(tree[index].parentPc)
	}
}
