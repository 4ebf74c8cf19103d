// Package speed measures what a program takes on each evaluator and compiled.
//
//	work.go ──compiled──▶ Program.Run
//	work.go ──as text───▶ a cell of the machine, or of yaegi ──▶ Session.Time
//
// Both are the same file: the package embeds its own source, which a Session
// declares as a cell. The command in compare holds the two evaluators against
// compiled Go, and prints what the README says of them.
package speed
