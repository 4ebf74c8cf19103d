package bytealg

// The functions without a body are the host's.

const MaxBruteForce = 64
const PrimeRK = 16777619

var MaxLen = 63

func Cutover(n int) int { return (n + 16) / 8 }

func Compare(a, b []byte) int
func CompareString(a, b string) int
func Count(b []byte, c byte) int
func CountString(s string, c byte) int
func Index(a, b []byte) int
func IndexString(a, b string) int
func IndexByte(b []byte, c byte) int
func IndexByteString(s string, c byte) int
func LastIndexByte(s []byte, c byte) int
func LastIndexByteString(s string, c byte) int

func MakeNoZero(n int) []byte { return make([]byte, n) }

func Equal(a, b []byte) bool { return string(a) == string(b) }

func HashStr[T string | []byte](sep T) (hash, pow uint32) {
	for i := 0; i < len(sep); i++ {
		hash = hash*PrimeRK + uint32(sep[i])
	}
	return hash, power(len(sep))
}

func HashStrRev[T string | []byte](sep T) (hash, pow uint32) {
	for i := len(sep) - 1; i >= 0; i-- {
		hash = hash*PrimeRK + uint32(sep[i])
	}
	return hash, power(len(sep))
}

func power(n int) uint32 {
	p := uint32(1)
	for range n {
		p *= PrimeRK
	}
	return p
}

func IndexRabinKarp[T string | []byte](s, sep T) int {
	n := len(sep)
	for i := 0; i+n <= len(s); i++ {
		if string(s[i:i+n]) == string(sep) {
			return i
		}
	}
	return -1
}

func LastIndexRabinKarp[T string | []byte](s, sep T) int {
	n := len(sep)
	for i := len(s) - n; i >= 0; i-- {
		if string(s[i:i+n]) == string(sep) {
			return i
		}
	}
	return -1
}
