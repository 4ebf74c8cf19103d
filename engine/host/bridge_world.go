package host

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"reflect"
	"strings"

	"interleave/engine"
	"interleave/engine/machine"
)

// deed is a function of the host that is written as plain Go and called as any
// other native one.
type deed struct {
	f    any
	away bool // it may wait for the world, and runs out there; f gets copies
	busy bool // see outing
	ends bool // f takes, before the rest, a context that ends with the task

	socket bool // the first argument is a socket's number; see hasten
}

// deeds lists them by their full name.
func (h *Host) deeds() map[string]deed {
	all := map[string]deed{}
	maps.Copy(all, newFiles(&h.turn).deeds())
	maps.Copy(all, h.sockets.deeds())
	maps.Copy(all, h.sockets.packets())
	return all
}

// deed makes the machine's form of a deed.
func (b *bridge) deed(name string, d deed, params, results []machine.Reg) machine.Native {
	v := reflect.ValueOf(d.f)
	if !d.away {
		call := b.call(name, v, params, results)
		return func(x *machine.Exec) machine.Status {
			if !x.InOrder() {
				return machine.Again
			}
			b.h.turn, _ = x.T.Cell.Host.(engine.IO)
			return call(x)
		}
	}
	c := &callee{b: b, name: name, v: v, params: params, results: results}
	rt, own := v.Type(), 0 // own: parameters that the program does not give
	if d.ends {
		own = 1
	}
	for i, r := range params {
		p, why := b.plan(r.T, rt.In(own+i))
		if !p.plain {
			panic(fmt.Sprintf("host: %s: %s", name, because(r.T, why)))
		}
		c.in = append(c.in, p)
	}
	for i, r := range results {
		p, why := b.plan(r.T, rt.Out(i))
		if p.out == nil {
			panic(fmt.Sprintf("host: %s: %s", name, because(r.T, why)))
		}
		c.out = append(c.out, p)
	}
	return func(x *machine.Exec) machine.Status {
		if !x.InOrder() {
			return machine.Again
		}
		x.Spend(nativeCost)
		args := make([]reflect.Value, own+len(params))
		away := &outing{busy: d.busy}
		if d.ends {
			var ctx context.Context
			ctx, away.cancel = context.WithCancel(context.Background())
			args[0] = reflect.ValueOf(ctx)
		}
		for i, r := range params {
			arg := reflect.New(rt.In(own + i)).Elem()
			args[own+i] = arg
			c.in[i].in(put(r.T, x.Get(r)), arg)
			switch a := arg.Addr().Interface().(type) {
			case *string:
				*a = strings.Clone(*a)
			case *[]byte:
				*a = bytes.Clone(*a)
			}
		}
		if d.socket {
			away.socket = int(args[0].Int())
		}
		return b.h.world.callAs(x, "IO wait", away, func() func(*machine.Exec) machine.Status {
			out, th := c.invoke(args)
			return func(x *machine.Exec) machine.Status {
				if th != nil {
					return b.raise(x, th)
				}
				return c.finish(x, out)
			}
		})
	}
}
