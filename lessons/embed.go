// Package lessons holds the notebooks that learners work through, so that the
// one binary brings them along.
package lessons

import "embed"

// Files are the notebooks, by file name; a number in front gives their order.
//
//go:embed *.ipynb
var Files embed.FS

// First is the notebook to begin with.
const First = "00-start-here.ipynb"
