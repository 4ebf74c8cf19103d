package engine

import (
	"fmt"
	"strconv"
	"time"
	"unsafe"

	"interleave/engine/host"
	"interleave/engine/machine"
	"interleave/engine/policy"
)

// Provide gives a machine its forms of this package's functions.
func Provide(h *host.Host) {
	h.Away(away())
	h.Provide(map[string]machine.Native{
		path + ".Run":    runNative(h),
		path + ".Replay": replayNative(h),
		path + ".Stream": streamNative,
		path + ".Work":   workNative,
		path + ".IO":     ioNative,
		path + ".Go":     goNative,

		path + ".Scheduler": schedulerNative(h),

		path + ".Native":        nativeNative(policy.Released),
		path + ".NativeHolding": nativeNative(policy.Holding),
	}, map[string]any{
		path + ".Last":     func() *Execution { return last(h, "Last") },
		path + ".Timeline": func(views ...View) *Drawing { return last(h, "Timeline").Timeline(views...) },
		path + ".Tasks":    func() TaskList { return tasksOf(h.Tasks()) },
		path + ".Stop":     h.StopTask,
		path + ".Processes": func(list ...Process) *Workload {
			w := Processes(list...)
			w.stop = h.Stopping
			return w
		},
		path + ".ProcessTable": func(table string) *Workload {
			w := ProcessTable(table)
			w.stop = h.Stopping
			return w
		},
		path + ".Set": func(options ...Option) {
			for _, o := range options {
				if o.own != nil {
					panic("engine.Set: a scheduler of your own is for one run: give it to engine.Run")
				}
				if err := h.Configure(o.name, o.value); err != nil {
					panic("engine.Set: " + err.Error())
				}
			}
		},
	})
}

func last(h *host.Host, name string) *Execution {
	run := h.Last()
	if run == nil {
		panic("engine." + name + ": no cell has run yet")
	}
	return &Execution{run, h}
}

func runNative(h *host.Host) machine.Native {
	return func(x *machine.Exec) machine.Status {
		list := x.Arg(1)
		c, b, err := configured(h.Config(), unsafe.Slice((*Option)(list.P), int(list.N)))
		if err != nil {
			return x.Throw(x.M.Errors.Text("engine.Run: " + err.Error()))
		}
		return experiment(h, x, "Run", x.Arg(0), c, b)
	}
}

func replayNative(h *host.Host) machine.Native {
	return func(x *machine.Exec) machine.Status {
		c, err := machine.ParseToken(h.Config(), machine.String(x.Arg(0)))
		if err != nil {
			return x.Throw(x.M.Errors.Text("engine.Replay: " + err.Error()))
		}
		return experiment(h, x, "Replay", x.Arg(1), c, host.Bounds{})
	}
}

// experiment runs f and returns an *Execution from the native function.
func experiment(h *host.Host, x *machine.Exec, name string, f machine.Val, c machine.Config, b host.Bounds) machine.Status {
	if f.P == nil {
		return x.Throw(x.M.Errors.Text("engine." + name + ": there is no function to run: it is nil"))
	}
	var e *Execution
	result := x.Func().Results[0]
	return h.Experiment(x, (*machine.Closure)(f.P), c, b,
		func(r *host.Run) { e = &Execution{r, h} },
		func(x *machine.Exec) machine.Status {
			x.Set(result, machine.Val{P: unsafe.Pointer(e)})
			return machine.Next
		})
}

// configured applies options to the settings of the cells.
func configured(c machine.Config, options []Option) (_ machine.Config, b host.Bounds, err error) {
	if c.Policy != nil { // each run has a state of its own
		if c.Policy, err = policy.Anew(c.Policy); err != nil {
			return c, b, err
		}
	}
	for _, o := range options {
		switch o.name {
		case scheduler:
			c.Policy = o.own.policy()
		case events:
			if b.Events, err = strconv.Atoi(o.value); err != nil || b.Events < 1 {
				return c, b, fmt.Errorf("events: want a number from 1 on, not %s", o.value)
			}
		case limit:
			if b.Time, err = time.ParseDuration(o.value); err != nil || b.Time < 1 {
				return c, b, fmt.Errorf("limit: want a time from 1ns on, not %s", o.value)
			}
		default:
			if c, err = host.Set(c, o.name, o.value); err != nil {
				return c, b, err
			}
		}
	}
	return c, b, nil
}
