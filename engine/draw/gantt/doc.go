// Package gantt draws a run as textbooks on CPU scheduling do: a row for each core with
// the names of who ran in boxes and the times below, a row for each process with what it
// did, and the table of turnaround, waiting and response times.
//
//	trace ─┬─▶ metrics ─────────────┐
//	       └─▶ chart (rows of bars) ┴─▶ SVG in an <img> with alt, tables, text
//
// Compare puts two runs on one scale.
//
// Time is to scale, always. Boxes that are too narrow for a name have none; marks that
// would run into each other are left out; both stand in the lists of who ran when and
// of what the policy did. A run of very many stays is drawn in columns, in which the
// height of a colour is its share of the column's time: what was merged is said below
// the picture.
package gantt
