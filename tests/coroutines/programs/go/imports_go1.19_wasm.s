//go:build !go1.21

#include "textflag.h"

TEXT ·wait(SB), NOSPLIT, $0
	CallImport
	RET

TEXT ·other(SB), NOSPLIT, $0
	CallImport
	RET
