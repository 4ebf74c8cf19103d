// Package rand gives random bytes from the machine's seed: the same program
// runs the same way again. They are no secret.
package rand

import (
	"errors"
	"io"
	"math/big"
)

func fill(b []byte)

type reader struct{}

func (reader) Read(b []byte) (int, error) {
	fill(b)
	return len(b), nil
}

// Reader gives random bytes.
var Reader io.Reader = reader{}

// Read fills b.
func Read(b []byte) (n int, err error) { return io.ReadFull(Reader, b) }

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

// Text gives a random text of 26 letters and digits.
func Text() string {
	b := make([]byte, 26)
	fill(b)
	for i := range b {
		b[i] = letters[b[i]%32]
	}
	return string(b)
}

// Int gives a number from 0 to max-1.
func Int(rand io.Reader, max *big.Int) (n *big.Int, err error) {
	if max.Sign() <= 0 {
		panic("crypto/rand: argument to Int is <= 0")
	}
	bits := new(big.Int).Sub(max, big.NewInt(1)).BitLen()
	b := make([]byte, (bits+7)/8)
	for {
		if _, err := io.ReadFull(rand, b); err != nil {
			return nil, err
		}
		if len(b) > 0 && bits%8 != 0 {
			b[0] &= 1<<(bits%8) - 1
		}
		if n = new(big.Int).SetBytes(b); n.Cmp(max) < 0 {
			return n, nil
		}
	}
}

// Prime gives a number of that many bits that is prime with high probability.
func Prime(rand io.Reader, bits int) (*big.Int, error) {
	if bits < 2 {
		return nil, errors.New("crypto/rand: prime size must be at least 2-bit")
	}
	span := new(big.Int).Lsh(big.NewInt(1), uint(bits-1))
	for {
		p, err := Int(rand, span)
		if err != nil {
			return nil, err
		}
		p.Add(p, span)
		if p.ProbablyPrime(20) {
			return p, nil
		}
	}
}
