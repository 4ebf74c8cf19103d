package reflect

import "unsafe"

// The host carries these. A pointer to a value is the address of its memory; a
// map, channel or function is given by its own pointer.

func unpack(i any) (t *rtype, data unsafe.Pointer)
func pack(t *rtype, data unsafe.Pointer) any

func newValue(t *rtype) unsafe.Pointer
func newArray(t *rtype, n int) unsafe.Pointer
func copyValue(t *rtype, dst, src unsafe.Pointer)
func copyArray(t *rtype, dst, src unsafe.Pointer, n int)
func clearValue(t *rtype, p unsafe.Pointer)
func isZeroMemory(t *rtype, p unsafe.Pointer) bool
func growSlice(t *rtype, p unsafe.Pointer, length, capacity, n int) (unsafe.Pointer, int)
func equalMemory(t *rtype, a, b unsafe.Pointer) bool

func typeString(t *rtype) string
func typeName(t *rtype) string
func typePath(t *rtype) string
func typeOrder(t *rtype) uintptr
func fieldInfo(t *rtype, i int) (path, tag string, embedded bool)
func numIn(t *rtype) int
func numOut(t *rtype) int
func in(t *rtype, i int) *rtype
func out(t *rtype, i int) *rtype
func variadic(t *rtype) bool
func chanDir(t *rtype) ChanDir
func implements(t, iface *rtype) bool
func assignable(t, u *rtype) bool
func convertible(t, u *rtype) bool
func identicalUnder(t, u *rtype) bool

func pointerTo(t *rtype) *rtype
func sliceOf(t *rtype) *rtype
func arrayOf(n int, t *rtype) *rtype
func mapOf(key, elem *rtype) *rtype
func chanOf(dir ChanDir, t *rtype) *rtype
func funcOf(in, out []*rtype, variadic bool) *rtype
func structOf(names, paths, tags []string, types []*rtype, embedded []bool) *rtype

func numMethod(t *rtype) int
func methodInfo(t *rtype, i int) (name, path string, bound *rtype)
func methodIndex(t *rtype, name string) int
func methodExpr(t *rtype, i int) (ft *rtype, fn unsafe.Pointer)
func methodValue(t *rtype, data unsafe.Pointer, i int) unsafe.Pointer

func makeMap(t *rtype, n int) unsafe.Pointer
func mapLen(m unsafe.Pointer) int
func mapGet(t *rtype, m, key unsafe.Pointer) unsafe.Pointer
func mapPut(t *rtype, m, key, elem unsafe.Pointer)
func mapDelete(t *rtype, m, key unsafe.Pointer)
func mapClear(m unsafe.Pointer)
func mapRange(m unsafe.Pointer) unsafe.Pointer
func mapNext(t *rtype, iter unsafe.Pointer) (key, elem unsafe.Pointer, ok bool)

func makeChan(t *rtype, n int) unsafe.Pointer
func chanLen(c unsafe.Pointer) int
func chanCap(c unsafe.Pointer) int
func chanClose(c unsafe.Pointer)
func chanSelect(chans, vals []unsafe.Pointer, sends []bool, types []*rtype, block bool) (chosen int, val unsafe.Pointer, ok bool)

func call(t *rtype, fn unsafe.Pointer, args, results []unsafe.Pointer)
func funcPC(fn unsafe.Pointer) uintptr
func makeFunc(t *rtype, fn func(args, results []unsafe.Pointer)) unsafe.Pointer
