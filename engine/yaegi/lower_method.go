package yaegi

import (
	"fmt"
	"go/ast"
	"go/types"
)

// method is a resolved method of a static type.
type method struct {
	recv   part   // receiver in the form the method wants
	name   string // emitted function, "" where the method is native or behind an interface
	native string // method name of a native receiver
	iface  types.Type
	obj    *types.Func
}

// resolve finds the method that e.Sel means and makes its receiver: address
// taken, pointer followed, embedded fields walked.
func (f *fn) resolve(e *ast.SelectorExpr) method {
	u := f.u
	t := f.typeOf(e.X)
	obj, index, _ := types.LookupFieldOrMethod(t, true, u.prog.Pkg, e.Sel.Name)
	m, ok := obj.(*types.Func)
	if !ok {
		u.refuse("this method", "")
		return method{name: "missing"}
	}
	walk := index[:len(index)-1]
	ptrRecv := false
	if r := m.Type().(*types.Signature).Recv(); r != nil {
		_, ptrRecv = types.Unalias(r.Type()).(*types.Pointer)
	}
	end := t
	for _, i := range walk {
		if p, ok := end.Underlying().(*types.Pointer); ok {
			end = p.Elem()
		}
		end = end.Underlying().(*types.Struct).Field(i).Type()
	}
	_, isPtr := end.Underlying().(*types.Pointer)
	if types.IsInterface(end) {
		text, _ := f.path(f.expr(e.X), t, walk)
		return method{recv: part{text, u.receiverType(end)}, iface: end, obj: m, native: m.Name()}
	}
	var text string
	switch {
	case ptrRecv && !isPtr && len(walk) == 0:
		text = f.address(e.X)
	case ptrRecv && !isPtr:
		text, _ = f.path(f.expr(e.X), t, walk)
		text = "&" + text
	case !ptrRecv && isPtr:
		text, _ = f.path(f.expr(e.X), t, walk)
		text = "(*" + text + ")"
	default:
		text, _ = f.path(f.expr(e.X), t, walk)
	}
	base := end
	if isPtr {
		base = end.Underlying().(*types.Pointer).Elem()
	}
	rt := base
	if ptrRecv {
		rt = types.NewPointer(base)
	}
	out := method{recv: part{text, u.receiverType(rt)}, obj: m}
	if u.ev.own(m) {
		var targs []types.Type
		if n, ok := types.Unalias(base).(*types.Named); ok {
			for i := range n.TypeArgs().Len() {
				targs = append(targs, u.sub(n.TypeArgs().At(i)))
			}
		}
		out.name = u.instance(m.Origin(), targs)
	} else {
		out.native = m.Name()
	}
	return out
}

func (f *fn) methodCall(e *ast.SelectorExpr, sig *types.Signature, x *ast.CallExpr) *call {
	m := f.resolve(e)
	switch {
	case m.iface != nil && f.u.userInterface(m.iface):
		name := f.dispatcher(m.native, sig)
		return f.ownCall(name, []part{m.recv}, sig, x)
	case m.name != "":
		return f.ownCall(m.name, []part{m.recv}, sig, x)
	}
	return f.nativeCall(m.obj, m.native, &m.recv, sig, x)
}

// userInterface reports whether values of the interface type t are emitted as
// interface{}; native interfaces keep their type.
func (u *unit) userInterface(t types.Type) bool {
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj().Pkg() != nil && u.ev.own(n.Obj()) // error and native ones are not
	}
	return true
}

// dispatcher calls a method by name on whatever an interface holds.
func (f *fn) dispatcher(method string, sig *types.Signature) string {
	u := f.u
	params, names := "x interface{}", ""
	for i := range sig.Params().Len() {
		params += fmt.Sprintf(", a%d %s", i, u.erased(sig.Params().At(i).Type()))
		if i > 0 {
			names += ", "
		}
		names += fmt.Sprintf("a%d", i)
	}
	fun := u.erased(sig)
	ret := "return "
	if sig.Results().Len() == 0 {
		ret = ""
	}
	var results []string
	for i := range sig.Results().Len() {
		results = append(results, u.erased(sig.Results().At(i).Type()))
	}
	return u.helper(fmt.Sprintf("func %%s(%s) (%s) { var m %s; h.Method(x, %q, &m); %sm(%s) }", params, join(results), fun, method, ret, names))
}

func (f *fn) methodValue(e *ast.SelectorExpr, sel *types.Selection) string {
	u := f.u
	if sel.Kind() == types.MethodExpr {
		return f.methodExpr(e)
	}
	sig := f.typeOf(e).Underlying().(*types.Signature)
	m := f.resolve(e)
	switch {
	case m.iface != nil && u.userInterface(m.iface):
		fun := u.erased(sig)
		name := u.helper(fmt.Sprintf("func %%s(x interface{}) %s { var m %s; h.BoundMethod(x, %q, &m); return m }", fun, fun, m.native))
		return name + "(" + m.recv.text + ")"
	case m.name != "":
		return f.closure([]part{m.recv}, sig, func(a []string) string { return m.name + "(" + join(a) + ")" })
	}
	return f.closure([]part{m.recv}, sig, func(a []string) string {
		return a[0] + "." + m.native + "(" + f.ellipsis(a[1:], sig) + ")"
	})
}

// ellipsis joins arguments for a native function; a variadic one gets its slice.
func (f *fn) ellipsis(a []string, sig *types.Signature) string {
	s := join(a)
	if sig.Variadic() {
		s += "..."
	}
	return s
}

// methodExpr is T.Method as a function whose first parameter is the receiver.
func (f *fn) methodExpr(e *ast.SelectorExpr) string {
	u := f.u
	t := f.typeOf(e.X)
	sig := f.typeOf(e).Underlying().(*types.Signature)
	obj, index, _ := types.LookupFieldOrMethod(t, true, u.prog.Pkg, e.Sel.Name)
	m, ok := obj.(*types.Func)
	if !ok || len(index) != 1 {
		u.refuse("this method expression", "write a function literal that calls the method")
		return "0"
	}
	if types.IsInterface(t) && u.userInterface(t) {
		inner := types.NewSignatureType(nil, nil, nil, m.Type().(*types.Signature).Params(), m.Type().(*types.Signature).Results(), sig.Variadic())
		name := f.dispatcher(m.Name(), inner)
		return f.closure(nil, sig, func(a []string) string { return name + "(" + join(a) + ")" })
	}
	if !u.ev.own(m) {
		return f.closure(nil, sig, func(a []string) string {
			return a[0] + "." + m.Name() + "(" + f.ellipsis(a[1:], sig) + ")"
		})
	}
	base, star := t, ""
	p, isPtr := t.Underlying().(*types.Pointer)
	if isPtr {
		base = p.Elem()
	}
	_, ptrRecv := types.Unalias(m.Type().(*types.Signature).Recv().Type()).(*types.Pointer)
	if isPtr && !ptrRecv {
		star = "*"
	}
	var targs []types.Type
	if n, ok := types.Unalias(base).(*types.Named); ok {
		for i := range n.TypeArgs().Len() {
			targs = append(targs, u.sub(n.TypeArgs().At(i)))
		}
	}
	name := u.instance(m.Origin(), targs)
	return f.closure(nil, sig, func(a []string) string {
		return name + "(" + join(append([]string{star + a[0]}, a[1:]...)) + ")"
	})
}

// bind emits what the host needs to call method m of type t (not a pointer to
// it, where m wants a pointer, but its base): a function from receiver to bound
// method.
func (u *unit) bind(base types.Type, m *types.Func) {
	key := bindKey(u.typeID(base), m)
	if u.binders[key] || u.ev.binders[key] {
		return
	}
	u.binders[key] = true
	node := u.node
	u.queue = append(u.queue, func() {
		old, oldTargs := u.node, u.targs
		u.node, u.targs = node, nil
		var targs []types.Type
		if n, ok := types.Unalias(base).(*types.Named); ok {
			for i := range n.TypeArgs().Len() {
				targs = append(targs, n.TypeArgs().At(i))
			}
		}
		rt := base
		sig := m.Type().(*types.Signature)
		if _, ok := types.Unalias(sig.Recv().Type()).(*types.Pointer); ok {
			rt = types.NewPointer(base)
		}
		name := u.instance(m.Origin(), targs)
		f := newFn(u, nil, sig)
		made := f.closure([]part{{"", u.erased(rt)}}, sig, func(a []string) string { return name + "(" + join(a) + ")" })
		fmt.Fprintf(&u.inits, "\th.Bind(%d, %q, %s)\n", u.typeID(base), m.Name(), made[:len(made)-len("()")])
		u.node, u.targs = old, oldTargs
	})
}

func bindKey(id int, m *types.Func) string { return fmt.Sprintf("%d.%p", id, m.Origin()) }
