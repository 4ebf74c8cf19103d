package policy

// Rand is a small generator of our own, so that a seed means the same sequence
// under every version of Go. (SplitMix64, Steele, Lea and Flood 2014.)
type Rand struct{ state uint64 }

// NewRand returns a generator; each use of a seed has a stream of its own.
func NewRand(seed, stream uint64) Rand {
	r := Rand{seed ^ stream*0xd1342543de82ef95}
	if stream != 0 {
		r.state = r.Uint64()
	}
	return r
}

// Uint64 is the next number.
func (r *Rand) Uint64() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Intn is a number from 0 to n-1.
func (r *Rand) Intn(n int) int { return int(r.Uint64() % uint64(n)) }

// policyStream is the stream of a seed that policies draw from; the machine uses others.
const policyStream = 1
