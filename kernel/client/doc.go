// Package client starts an installed kernel as Jupyter does, over real sockets,
// and runs a cell in it: the proof, after installing, that it works.
//
//	argv of kernel.json ──Start──▶ process + connection file (tcp, five ports)
//	cell ──Execute──▶ shell: execute_request ──▶ kernel
//	Result ◀── iopub: stream, execute_result, error, status idle
//	                  shell: execute_reply
//
// It speaks as much of the protocol as that needs: no stdin, no comm.
package client
