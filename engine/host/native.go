package host

import (
	"maps"
	"strings"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/machine"
)

// native gives the host's form of a function that has no body to interpret.
func (h *Host) native(fn *ssa.Function, name string) machine.Native {
	if n := h.natives[name]; n != nil {
		return n
	}
	if d, ok := h.plain[name]; ok {
		f := h.compiler.Func(fn)
		return h.bridge.deed(name, d, f.Params, f.Results)
	}
	if fn.Blocks == nil && fn.Synthetic == "package initializer" { // a native package is initialised already
		return func(*machine.Exec) machine.Status { return machine.Next }
	}
	if fn.Blocks != nil || fn.Pkg == nil && fn.Signature.Recv() == nil || fn.Synthetic != "" && !strings.Contains(fn.Synthetic, "from type information") {
		return nil
	}
	return h.bridge.function(fn)
}

// bodies names, for functions of interpreted packages that have none, the package
// and function whose body is theirs.
var bodies = map[string][2]string{
	"internal/chacha8rand.block":    {"internal/chacha8rand", "block_generic"},
	"mime/multipart.readMIMEHeader": {"net/textproto", "readMIMEHeader"},
}

func (h *Host) body(name string) *ssa.Function {
	if b, ok := bodies[name]; ok {
		return h.load.form(h.load.loaded(b[0])).Func(b[1])
	}
	return nil
}

// modelled lists what the machine does itself.
func (h *Host) modelled() map[string]machine.Native {
	all := h.system()
	maps.Copy(all, byteSearch())
	maps.Copy(all, tables())
	maps.Copy(all, h.reflection())
	maps.Copy(all, h.printing())
	maps.Copy(all, bigWords())
	maps.Copy(all, h.coroutines())
	maps.Copy(all, h.async())
	maps.Copy(all, h.processes())
	maps.Copy(all, seeded())
	maps.Copy(all, hashes())
	maps.Copy(all, (&places{h: h, numbers: map[machine.Position]int{}}).natives())
	maps.Copy(all, atomics())
	maps.Copy(all, locks())
	maps.Copy(all, pools(h.universe))
	maps.Copy(all, h.clock())
	maps.Copy(all, h.streams())
	maps.Copy(all, h.sockets.natives())
	all["crypto/rand.fill"] = randomBytes
	return all
}
