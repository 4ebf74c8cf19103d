package host

import "testing"

// Every package that is interpreted checks, builds and initialises.
func TestInterpretedPackages(t *testing.T) {
	for _, p := range interpreted {
		s := open(t)
		if _, err := s.h.load.Import(p); err != nil {
			t.Errorf("%s: %v", p, err)
		}
	}
}
