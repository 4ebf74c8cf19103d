// Package resource holds textbook resource graphs: processes, resources with several
// units, who has how many and who asks for how many.
//
//	"R1=2 R1->P1 P1->R2" ─ Parse ─┐
//	                              ▼
//	matrices ──────────────────▶ State ─▶ Detect   who is deadlocked, step by step
//	                                   ─▶ Safe     an order in which all can finish
//	                                   ─▶ Ask      may a request be granted? (banker)
//
// A State is what textbooks write as Allocation, Request or Max, and Available. All
// functions are pure and leave their State as it is.
package resource
