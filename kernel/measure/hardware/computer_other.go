//go:build !linux && !darwin

package hardware

import "runtime"

// ask has nobody to ask.
func (c *Computer) ask() {
	c.Source = "not reported: how " + runtime.GOOS + " tells them is not known here"
}
