// Package display shows more than text under a cell: pages, pictures, charts,
// tables and a progress bar.
//
//	display.HTML("<b>bold</b>")
//	display.Table([]person{{"Ada", 36}, {"Alan", 41}})
//	bar := display.Progress("downloading", 20)
//
// In: ordinary values. Out: a Bundle, one form a mime type and always with
// text/plain, so that every front end finds something it can show.
//
//	HTML, SVG, Table … ─▶ Bundle ─▶ Sink ─▶ the cell that runs
//	                                  └───▶ standard output, in a compiled program
//
// In a notebook cell the functions are bound to the output of the cell that
// calls them, by Symbols. In an ordinary Go program they print the text.
//
// A value whose type has the method Display() display.Bundle shows itself that
// way when it is the result of a cell.
package display
