// Package notebook reads and writes Jupyter notebooks (nbformat 4) and keeps
// everything in them that it does not know.
//
//	.ipynb file ──Read──▶ Notebook ──▶ Cells: Source, Tags, Outputs …
//	                         │
//	                         └──Write──▶ the same bytes as Python's nbformat writes
//
// What comes in is the text of a notebook; what goes out is a Notebook whose
// cells can be read and changed, or an error that names the cell which is
// wrong. Writing a notebook that nothing changed gives back the same bytes,
// where Python's nbformat wrote it.
//
// Package notebook/headless runs notebooks, package notebook/page makes HTML
// pages of them.
package notebook
