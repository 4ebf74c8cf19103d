// Package wire is the kernel's end of the ZeroMQ sockets: it binds, accepts,
// queues and sends. Frames come in and go out as slices of bytes; what they mean is for package message.
//
//	listener ─► accept ─► handshake (zmq4.Open, 5 s) ─┬─ reader ─► guard ─► handle(frames)
//	                       one goroutine a connection │
//	                                                  └─ writer ◄─ queue ◄─ Send / Publish
//
// The ZMTP handshake and framing are those of github.com/go-zeromq/zmq4; listeners, queues and
// limits are this package's own, because a kernel must outlive every client: one
// that never reads, one that vanishes without a word, one that sends garbage, and one that
// announces a frame of 2^62 bytes.
//
//	Router     shell, control, stdin: frames[0] is the identity of the peer, in both directions,
//	           so what came from message.Decode goes back through message.Encode unchanged
//	Publisher  iopub: frames[0] is the topic; each peer gets what it subscribed to, all of it
//	Heartbeat  echo
//
// The order of use in a front process:
//
//	shell, err := wire.NewRouter(wire.Endpoint{Transport: c.Transport, Address: c.IP, Port: c.Shell}, log, handle)
//	iopub, err := wire.NewPublisher(wire.Endpoint{…, Port: c.IOPub}, log, welcome)
//	beat, err := wire.NewHeartbeat(wire.Endpoint{…, Port: c.Heartbeat}, log)
//	…
//	shell.Close(); iopub.Close(); beat.Close()
//
// A socket's Port method tells the port where Endpoint.Port was 0.
//
// Byte slices that were handed to Send or Publish belong to this package from then on: they
// are written later and possibly to several peers, so the caller must not change
// them. Slices handed to a callback belong to the callback.
package wire
