package maphash

import (
	"errors"
	"math"
	"reflect"
)

// Seeds come from the machine's generator, and hashes depend on nothing else: a
// program gets the same ones in every run of the same seed.

const purego = true

func randUint64() uint64
func rthash(b []byte, seed uint64) uint64
func rthashString(s string, seed uint64) uint64

func comparableHash[T comparable](v T, seed Seed) uint64 {
	var h Hash
	h.SetSeed(seed)
	writeComparable(&h, v)
	return h.Sum64()
}

func writeComparable[T comparable](h *Hash, v T) { h.value(reflect.ValueOf(&v).Elem()) }

// value writes what tells v from other values: of an interface also the type.
func (h *Hash) value(v reflect.Value) {
	switch k := v.Kind(); {
	case k == reflect.Interface:
		if v.IsNil() {
			h.word(0)
			return
		}
		h.text(v.Elem().Type().String())
		h.value(v.Elem())
	case k == reflect.Array:
		for i := range v.Len() {
			h.value(v.Index(i))
		}
	case k == reflect.Struct:
		for i := range v.NumField() {
			h.value(v.Field(i))
		}
	case k == reflect.String:
		h.text(v.String())
	case k == reflect.Bool:
		h.word(map[bool]uint64{true: 1}[v.Bool()])
	case v.CanInt():
		h.word(uint64(v.Int()))
	case v.CanUint():
		h.word(v.Uint())
	case v.CanFloat():
		h.number(v.Float())
	case v.CanComplex():
		h.number(real(v.Complex()))
		h.number(imag(v.Complex()))
	case k == reflect.Pointer, k == reflect.Chan, k == reflect.UnsafePointer:
		h.word(uint64(v.Pointer()))
	default:
		panic(errors.New("hash of unhashable type " + v.Type().String()))
	}
}

func (h *Hash) text(s string) {
	h.word(uint64(len(s)))
	h.WriteString(s)
}

func (h *Hash) word(u uint64) {
	for i := range 8 {
		h.WriteByte(byte(u >> (8 * i)))
	}
}

// number makes equal numbers one: both zeros. A NaN equals nothing.
func (h *Hash) number(f float64) {
	switch {
	case f == 0:
		h.word(0)
	case f != f:
		h.word(randUint64())
	default:
		h.word(math.Float64bits(f))
	}
}
