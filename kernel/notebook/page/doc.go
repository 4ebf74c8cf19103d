// Package page makes one HTML page of a notebook: readable without a network,
// in light and dark, on paper.
//
//	Notebook ─┬─ Markdown cells ──goldmark──▶ HTML, local pictures put into the page
//	          ├─ code cells ──go/scanner──▶ coloured Go
//	          └─ outputs ──the richest form that needs no front end──▶ HTML, pictures, text with ANSI colours
//
// HTML in Markdown cells and in outputs is taken over as it is, as Jupyter's own
// converter does: make pages of notebooks that you trust.
package page
