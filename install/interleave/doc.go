// Command interleave is the Go kernel for Jupyter and all that is needed around
// it.
//
//	interleave lab         install the kernel and open the lessons in JupyterLab
//	interleave install     install the kernel for the Jupyter that is there
//	interleave uninstall   remove it
//	interleave doctor      find out what is wrong, and how to mend it
//	interleave run         run notebooks without Jupyter
//	interleave kernel      what Jupyter starts; it starts "interleave worker" in turn
//	interleave version     versions of this program, of Go and of the protocol
//
// Exit codes: 0 all is well, 1 something failed (the last line says what to
// do), 2 the command line is wrong, 130 interrupted by Ctrl-C.
package main
