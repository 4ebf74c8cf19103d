package host

import (
	"math/bits"
	"unsafe"

	"interleave/engine/machine"
)

func words(v machine.Val) []uint { return unsafe.Slice((*uint)(v.P), int(v.N)) }

// bigWords is what package math/big does to vectors of words, lowest first; the
// length of z counts, and the result is the carry.
func bigWords() map[string]machine.Native {
	two := func(f func(x, y, c uint) (uint, uint)) machine.Native {
		return func(x *machine.Exec) machine.Status {
			z, a, b := words(x.Arg(0)), words(x.Arg(1)), words(x.Arg(2))
			x.Spend(int64(len(z)))
			var c uint
			for i := range z {
				z[i], c = f(a[i], b[i], c)
			}
			return x.Return(machine.Val{N: uint64(c)})
		}
	}
	return map[string]machine.Native{
		"math/big.addVV": two(bits.Add),
		"math/big.subVV": two(bits.Sub),
		"math/big.lshVU": func(x *machine.Exec) machine.Status {
			z, a, s := words(x.Arg(0)), words(x.Arg(1)), uint(x.Arg(2).N)
			x.Spend(int64(len(z)))
			var c uint
			for i := len(z) - 1; i >= 0; i-- {
				w := a[i]
				if i == len(z)-1 {
					c = w >> (bits.UintSize - s)
				}
				z[i] = w << s
				if i > 0 {
					z[i] |= a[i-1] >> (bits.UintSize - s)
				}
			}
			return x.Return(machine.Val{N: uint64(c)})
		},
		"math/big.rshVU": func(x *machine.Exec) machine.Status {
			z, a, s := words(x.Arg(0)), words(x.Arg(1)), uint(x.Arg(2).N)
			x.Spend(int64(len(z)))
			var c uint
			for i := range z {
				w := a[i]
				if i == 0 {
					c = w << (bits.UintSize - s)
				}
				z[i] = w >> s
				if i+1 < len(z) {
					z[i] |= a[i+1] << (bits.UintSize - s)
				}
			}
			return x.Return(machine.Val{N: uint64(c)})
		},
		"math/big.mulAddVWW": func(x *machine.Exec) machine.Status {
			z, a, y, c := words(x.Arg(0)), words(x.Arg(1)), uint(x.Arg(2).N), uint(x.Arg(3).N)
			x.Spend(int64(len(z)))
			for i := range z {
				z[i], c = mulAdd(a[i], y, c, 0)
			}
			return x.Return(machine.Val{N: uint64(c)})
		},
		"math/big.addMulVVWW": func(x *machine.Exec) machine.Status {
			z, a, b, m, c := words(x.Arg(0)), words(x.Arg(1)), words(x.Arg(2)), uint(x.Arg(3).N), uint(x.Arg(4).N)
			x.Spend(int64(len(z)))
			for i := range z {
				z[i], c = mulAdd(b[i], m, c, a[i])
			}
			return x.Return(machine.Val{N: uint64(c)})
		},
	}
}

// mulAdd is x*y + c + d in two words, the lower first.
func mulAdd(x, y, c, d uint) (lo, hi uint) {
	hi, lo = bits.Mul(x, y)
	lo, carry := bits.Add(lo, c, 0)
	hi += carry
	lo, carry = bits.Add(lo, d, 0)
	return lo, hi + carry
}
