package session

import (
	"bufio"
	"context"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"interleave/engine"
	"interleave/engine/check"
)

// fake is an evaluator for tests. It understands constants, variables that
// hold one, calls of functions of the session without arguments, fmt.Print,
// fmt.Println, fmt.Scan (which echoes the line), panic, os.Exit and select{};
// the function "fault" makes it fail itself, and "deadlock" is fatal.
type fake struct {
	name   string
	funcs  map[types.Object]body
	values map[string]fakeValue
	closed bool
	frames []engine.Frame
}

type body struct {
	decl *ast.FuncDecl
	p    *check.Program
}

// fakeValue is a value: its text, and the native form where there is one.
type fakeValue struct {
	t      types.Type
	text   string
	native any
}

func (v fakeValue) Type() types.Type    { return v.t }
func (v fakeValue) Text() string        { return v.text }
func (v fakeValue) Dynamic() types.Type { return v.t }
func (v fakeValue) Native() any         { return v.native }

func newFake(name string) *fake {
	return &fake{name: name, funcs: map[types.Object]body{}, values: map[string]fakeValue{}}
}

func (f *fake) Name() string { return f.name }

func (f *fake) Close() error {
	f.closed = true
	return nil
}

// Refuse refuses every goto.
func (f *fake) Refuse(p *check.Program) []check.Error {
	var out []check.Error
	for _, d := range p.Decls {
		ast.Inspect(d.Node, func(n ast.Node) bool {
			if b, ok := n.(*ast.BranchStmt); ok && b.Tok == token.GOTO {
				out = append(out, check.Error{
					Pos: p.Fset.Position(b.Pos()), End: p.Fset.Position(b.End()),
					Msg: "this evaluator cannot run goto", Hint: "write a loop",
				})
			}
			return true
		})
	}
	return out
}

func (f *fake) Run(ctx context.Context, p *check.Program, io engine.IO) (out engine.Outcome, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case error:
			err = r
			if p, ok := r.(*engine.Panic); ok {
				p.Frames = append([]engine.Frame(nil), f.frames...)
				for i, j := 0, len(p.Frames)-1; i < j; i, j = i+1, j-1 {
					p.Frames[i], p.Frames[j] = p.Frames[j], p.Frames[i]
				}
			}
		default:
			panic(r)
		}
	}()
	f.frames = nil
	for _, d := range p.Decls {
		if fn, ok := d.Node.(*ast.FuncDecl); ok {
			f.funcs[d.Object] = body{fn, p}
		}
	}
	for _, item := range p.Body {
		for _, v := range item.Defines {
			f.values[v.Name()] = fakeValue{v.Type(), "zero", nil}
		}
		if item.Stmt != nil {
			f.stmt(ctx, p, item.Stmt, io)
		}
		if item.Result != nil {
			out.Values = f.eval(ctx, p, item.Result, io)
		}
		out.Done++
	}
	if p.Main != nil {
		f.call(ctx, p.Main, io)
	}
	return out, nil
}

func (f *fake) Call(ctx context.Context, v engine.Value, method string, io engine.IO) (any, error) {
	sel := types.NewMethodSet(v.Type()).Lookup(nil, method)
	b := f.funcs[sel.Obj()]
	for _, s := range b.decl.Body.List {
		if r, ok := s.(*ast.ReturnStmt); ok {
			if c := b.p.Info.Types[r.Results[0]].Value; c != nil {
				return constant.StringVal(c), nil
			}
			if lit, ok := r.Results[0].(*ast.CompositeLit); ok {
				m := map[string]any{}
				for _, e := range lit.Elts {
					kv := e.(*ast.KeyValueExpr)
					m[constant.StringVal(b.p.Info.Types[kv.Key].Value)] = constant.StringVal(b.p.Info.Types[kv.Value].Value)
				}
				return m, nil
			}
		}
		if e, ok := s.(*ast.ExprStmt); ok && f.calls(b.p, e.X, "panic") {
			return nil, &engine.Panic{Message: "in " + method, Goroutine: 1}
		}
	}
	return nil, nil
}

func (f *fake) calls(p *check.Program, e ast.Expr, name string) bool {
	call, ok := e.(*ast.CallExpr)
	return ok && types.ExprString(call.Fun) == name
}

func (f *fake) call(ctx context.Context, fn types.Object, io engine.IO) []engine.Value {
	b, ok := f.funcs[fn]
	if !ok {
		panic("fake: no function " + fn.Name())
	}
	for _, s := range b.decl.Body.List {
		if r, ok := s.(*ast.ReturnStmt); ok {
			var all []engine.Value
			for _, e := range r.Results {
				all = append(all, f.eval(ctx, b.p, e, io)...)
			}
			return all
		}
		f.stmt(ctx, b.p, s, io)
	}
	return nil
}

func (f *fake) stmt(ctx context.Context, p *check.Program, s ast.Stmt, io engine.IO) {
	switch s := s.(type) {
	case *ast.AssignStmt:
		for i, l := range s.Lhs {
			id, ok := l.(*ast.Ident)
			if !ok || len(s.Rhs) != len(s.Lhs) {
				continue
			}
			vs := f.eval(ctx, p, s.Rhs[i], io)
			if len(vs) == 1 {
				f.values[id.Name] = vs[0].(fakeValue)
			}
		}
	case *ast.ExprStmt:
		f.eval(ctx, p, s.X, io)
	case *ast.SelectStmt:
		<-ctx.Done()
		panic(engine.ErrInterrupted)
	}
}

func (f *fake) eval(ctx context.Context, p *check.Program, e ast.Expr, io engine.IO) []engine.Value {
	tv := p.Info.Types[e]
	if tv.Value != nil {
		return []engine.Value{fakeValue{tv.Type, tv.Value.ExactString(), tv.Value.ExactString()}}
	}
	switch e := e.(type) {
	case *ast.Ident:
		if v, ok := f.values[e.Name]; ok {
			return []engine.Value{v}
		}
		return []engine.Value{fakeValue{tv.Type, e.Name, nil}}
	case *ast.CompositeLit:
		return []engine.Value{fakeValue{tv.Type, types.ExprString(e), "native"}}
	case *ast.CallExpr:
		return f.callExpr(ctx, p, e, io)
	}
	return []engine.Value{fakeValue{tv.Type, types.ExprString(e), nil}}
}

func (f *fake) callExpr(ctx context.Context, p *check.Program, e *ast.CallExpr, io engine.IO) []engine.Value {
	var args []string
	for _, a := range e.Args {
		text := types.ExprString(a)
		if c := p.Info.Types[a].Value; c != nil {
			text = c.ExactString()
			if c.Kind() == constant.String {
				text = constant.StringVal(c)
			}
		} else if id, ok := a.(*ast.Ident); ok {
			text = f.values[id.Name].text
		}
		args = append(args, text)
	}
	at := p.Fset.Position(e.Pos()).String()
	f.frames = append(f.frames, engine.Frame{Function: "cell", Position: at})
	defer func() {
		if r := recover(); r != nil {
			panic(r)
		}
		f.frames = f.frames[:len(f.frames)-1]
	}()
	switch name := types.ExprString(e.Fun); name {
	case "fmt.Println":
		fmt.Fprintln(io.Stdout, strings.Join(args, " "))
	case "fmt.Print":
		fmt.Fprint(io.Stdout, strings.Join(args, " "))
	case "fmt.Scan":
		line, err := bufio.NewReader(io.Stdin).ReadString('\n')
		fmt.Fprintf(io.Stdout, "read %q %v\n", line, err)
	case "panic":
		panic(error(&engine.Panic{Message: args[0], Goroutine: 1}))
	case "os.Exit":
		code, _ := constant.Int64Val(p.Info.Types[e.Args[0]].Value)
		panic(error(&engine.Exit{Code: int(code)}))
	case "fault":
		panic("the evaluator is broken")
	case "deadlock":
		panic(error(&engine.Fatal{Message: "all goroutines are asleep - deadlock!", Detail: "goroutine 1 [chan receive]:"}))
	default:
		if id, ok := e.Fun.(*ast.Ident); ok {
			if fn, ok := p.Info.Uses[id].(*types.Func); ok {
				f.frames[len(f.frames)-1].Position = at
				vs := f.call(ctx, fn, io)
				if sig := fn.Signature(); sig.Results().Len() == len(vs) {
					for i := range vs {
						v := vs[i].(fakeValue)
						v.t = sig.Results().At(i).Type()
						vs[i] = v
					}
				}
				return vs
			}
		}
	}
	return nil
}
