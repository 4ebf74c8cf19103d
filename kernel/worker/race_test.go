//go:build race

package worker

// underRace says that the tests run with the race detector, whose own memory
// counts in the limit and is many times that of the program.
const underRace = true
