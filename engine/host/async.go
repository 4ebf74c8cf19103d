package host

import (
	"errors"
	"go/token"
	"io/fs"
	"path"
	"unsafe"

	"interleave/engine"
	"interleave/engine/machine"
	"interleave/engine/policy"
)

// AsyncPath is the package of cells that has asyncio's form. It is interpreted, and
// lies in _overlay.
const AsyncPath = "interleave/async"

// AsyncSource is its source, for those who show its documentation.
func AsyncSource() fs.FS {
	dir, err := fs.Sub(overlay, path.Join("_overlay", AsyncPath))
	if err != nil { // the path is valid
		panic(err)
	}
	return dir
}

// async is what that package asks of the machine. The loop itself is the policy
// "loop": a handle in asyncio's ready queue is a ready task here, and a callback is a
// task that lives for one step.
func (h *Host) async() map[string]machine.Native {
	all := map[string]machine.Native{}
	for name, n := range map[string]machine.Native{
		"apart":    h.apart,
		"looping":  func(x *machine.Exec) machine.Status { return x.Return(truth(x.M.PolicyName() == loopName)) },
		"self":     func(x *machine.Exec) machine.Status { return x.Return(machine.Val{P: unsafe.Pointer(x.T)}) },
		"local":    func(x *machine.Exec) machine.Status { return x.Return(machine.Val{P: x.T.Local()}) },
		"setLocal": func(x *machine.Exec) machine.Status { x.T.SetLocal(x.Pointer(0)); return machine.Next },
		"around": func(x *machine.Exec) machine.Status {
			traits := x.T.Traits()
			traits.Priority = int(x.Arg(0).N)
			x.T.SetTraits(traits)
			return machine.Next
		},
		"park": func(x *machine.Exec) machine.Status {
			x.Park(&machine.Wait{Why: machine.String(x.Arg(0)), Object: x.Pointer(1)})
			return machine.Parked
		},
		"leave": func(x *machine.Exec) machine.Status {
			x.Leave(&machine.Wait{Why: machine.String(x.Arg(0)), Object: x.Pointer(1)})
			return machine.Parked
		},
		"wake": func(x *machine.Exec) machine.Status {
			x.M.Wake((*machine.Task)(x.Pointer(0)), x.T)
			return machine.Next
		},
		"yield": func(x *machine.Exec) machine.Status { return x.Yield() },
		"soon": func(x *machine.Exec) machine.Status {
			label := machine.String(x.Arg(0))
			x.M.SpawnCallback(label, x.T.Cell, x.T, calling(label, x.Arg(1)), nil)
			return machine.Next
		},
		"spawn": func(x *machine.Exec) machine.Status {
			fn := calling(machine.String(x.Arg(1)), x.Arg(2))
			x.M.SpawnAs(machine.String(x.Arg(0)), policy.Traits{}, x.T, x.T.Cell, fn, nil)
			return machine.Next
		},
		"after": func(x *machine.Exec) machine.Status {
			label := machine.String(x.Arg(0))
			fn, m, cell := calling(label, x.Arg(2)), x.M, x.T.Cell
			t := m.After(machine.Later(m.Now(), max(int64(x.Arg(1).N), 0)), func(int64) {
				if !cell.Stopped() {
					m.SpawnCallback(label, cell, nil, fn, nil)
				}
			})
			t.Idle = cell.Stopped
			return x.Return(machine.Val{P: unsafe.Pointer(t)})
		},
		"stop": func(x *machine.Exec) machine.Status {
			return x.Return(truth(x.M.Stop((*machine.Timer)(x.Pointer(0)))))
		},
		"use": func(x *machine.Exec) machine.Status {
			return x.Use(x.M.Device(machine.String(x.Arg(0))), int64(x.Arg(1).N))
		},
		"raisedAt": func(x *machine.Exec) machine.Status {
			var stack []machine.Position
			if list := x.T.Panics(); len(list) > 0 {
				stack = list[len(list)-1].Stack()
			}
			return x.Return(machine.Val{P: unsafe.Pointer(&stack)})
		},
		"raise": func(x *machine.Exec) machine.Status {
			var stack []machine.Position
			if p := (*[]machine.Position)(x.Pointer(1)); p != nil {
				stack = *p
			}
			return x.ThrowFrom(x.Arg(0), stack)
		},
		"placeOf": func(x *machine.Exec) machine.Status {
			at := ""
			if p := (*[]machine.Position)(x.Pointer(0)); p != nil {
				if list := h.frames(*p); len(list) > 0 {
					at = list[0].Position
				}
			}
			return x.Return(machine.StringVal(at))
		},
		"now":   func(x *machine.Exec) machine.Status { return x.Return(machine.Val{N: uint64(x.M.Now())}) },
		"fatal": func(x *machine.Exec) machine.Status { return x.ThrowFatal(machine.String(x.Arg(0))) },
		"exit":  func(x *machine.Exec) machine.Status { return x.Exit(int(x.Arg(0).N)) },
		"caller": func(x *machine.Exec) machine.Status {
			name, at := "", ""
			if list := h.frames(x.T.Stack()); len(list) > 0 {
				name, at = list[0].Function, list[min(int(x.Arg(0).N), len(list)-1)].Position
			}
			return x.Return(machine.StringVal(name), machine.StringVal(at))
		},
	} {
		all[AsyncPath+"."+name] = inOrder(n)
	}
	return all
}

// inOrder has a native function run when all that happens earlier has happened.
func inOrder(n machine.Native) machine.Native {
	return func(x *machine.Exec) machine.Status {
		if !x.InOrder() {
			return machine.Again
		}
		return n(x)
	}
}

// loopName is the policy that apart runs under.
const loopName = "loop"

// calling is a function that calls a function value; name is its name.
func calling(name string, f machine.Val) *machine.Func {
	fn, args := (*machine.Closure)(f.P).ClosureArgs(nil)
	call := func(x *machine.Exec) machine.Status {
		return x.CallBack(fn, args, func(*machine.Exec, *machine.Func) machine.Status { return machine.Next })
	}
	return &machine.Func{
		Name: name, Recover: -1, Hidden: true,
		Code: []machine.Ins{{Op: machine.OpStep}, {Op: machine.OpRet}}, Steps: []machine.Step{call}, Lines: make([]token.Pos, 2),
	}
}

// apart runs a function as a run of its own on one core under the policy "loop". It
// returns how that ended, as trace.Head says it, in words, and with which exit code.
func (h *Host) apart(x *machine.Exec) machine.Status {
	c := h.config
	c.Cores, c.Policy = 1, policy.NewLoop()
	var run *Run
	results := x.Func().Results
	return h.Experiment(x, (*machine.Closure)(x.Arg(0).P), c, Bounds{}, func(r *Run) { run = r }, func(x *machine.Exec) machine.Status {
		text, code := "", 0
		if run.Err != nil {
			text = run.Err.Error()
		}
		if exit := (*engine.Exit)(nil); errors.As(run.Err, &exit) {
			code = exit.Code
		}
		x.Set(results[0], machine.StringVal(run.Trace.Head.End))
		x.Set(results[1], machine.StringVal(text))
		x.Set(results[2], number(code))
		return machine.Next
	})
}
