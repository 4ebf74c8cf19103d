package goarch

const (
	BigEndian = false
	PtrSize   = 8
)
