// Package hardware measures the computer that it runs on: how long computing, memory,
// files, sockets and processes take in compiled Go.
//
//	Read ───────▶ Computer   what the system says of its processor and caches
//	Sweep ──────▶ []Point ──Steps──▶ []Step   where memory becomes slower, and how sure that is
//	Matrix, Scaling, Sharing, Files, Loopback, Children ──▶ times
//
// Each probe is bounded in time and memory, asks its context every few milliseconds,
// and leaves nothing behind. A time is the best of several turns, since whatever else the
// computer does only adds to it; how far the turns lie apart is its Spread. Figures differ
// from run to run and from computer to computer: nothing is graded by them.
package hardware
