package cpu

const CacheLinePadSize = 64

type CacheLinePad struct{ _ [CacheLinePadSize]byte }

var (
	RISCV64 struct{ HasV bool }
	Loong64 struct{ HasLSX bool }
)
