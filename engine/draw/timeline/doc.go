// Package timeline draws who ran, who waited, for what, and who woke them.
//
//	trace ─▶ chart (lanes of bars, wake-ups) ─┬─▶ text
//	source ─┘      │                          ├─▶ table: HTML that survives a sanitizer
//	               └─▶ steps (World, words) ──┴─▶ script: SVG, stepping, filter, zoom
//
// Time is virtual and runs to the right on one linear scale. A column of a table or
// of text shows the state that fills most of it; what a lane thereby hides is written
// beside the lane, so that no state is ever lost. The script draws from data that
// Go has worked out: it decides nothing about what happened.
package timeline
