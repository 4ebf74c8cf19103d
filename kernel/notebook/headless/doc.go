// Package headless runs notebooks without Jupyter.
//
//	Notebook ──code cells, in order──▶ Kernel (the same core as in Jupyter)
//	    ▲                                 │ streams, displays, clears
//	    └──outputs, counts── collector ◀──┘
//
// What comes in is a notebook and a kernel; what goes out is the notebook with
// the outputs that a front end would have stored, and a report that says which
// cell failed. Cells tagged "raises-exception" may fail and cells tagged
// "skip-execution" are left alone, as nbclient does.
package headless
