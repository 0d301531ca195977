// The kernel's imports: functions of the Go stack pointer, as all imports of Go for JavaScript. The linker gives an import
// the name of the symbol that calls it, and the module `go`:
//
//	TEXT parigot·dispatch_(SB)  =>  (import "go" "parigot.dispatch_" (func (param i32)))
//
// kernel.go declares them under names of its own.

#include "textflag.h"

TEXT parigot·locate_(SB), NOSPLIT, $0-8
	CallImport
	RET

TEXT parigot·dispatch_(SB), NOSPLIT, $0-8
	CallImport
	RET

TEXT parigot·bind_method_(SB), NOSPLIT, $0-8
	CallImport
	RET

TEXT parigot·block_until_call_(SB), NOSPLIT, $0-8
	CallImport
	RET

TEXT parigot·return_value_(SB), NOSPLIT, $0-8
	CallImport
	RET

TEXT parigot·require_(SB), NOSPLIT, $0-8
	CallImport
	RET

TEXT parigot·export_(SB), NOSPLIT, $0-8
	CallImport
	RET

TEXT parigot·run_(SB), NOSPLIT, $0-8
	CallImport
	RET

TEXT parigot·exit_(SB), NOSPLIT, $0-8
	CallImport
	RET

TEXT parigot·backdoor_log_(SB), NOSPLIT, $0-8
	CallImport
	RET
