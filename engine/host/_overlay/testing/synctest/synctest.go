// Package synctest runs tests in a bubble: its goroutines share a clock that
// moves when all of them are blocked, as every clock here does.
package synctest

import "testing"

func bubble(f func())

// Wait returns when all other goroutines are blocked.
func Wait()

// Test runs f in a bubble, and returns when all goroutines of the bubble have.
func Test(t *testing.T, f func(*testing.T)) {
	failed := false
	bubble(func() {
		inner := testing.Inner(t)
		defer func() {
			failed = inner.Failed()
			testing.EndInner(inner)
		}()
		f(inner)
	})
	if failed {
		t.FailNow()
	}
}
