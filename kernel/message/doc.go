// Package message turns the frames of a ZeroMQ message into a verified Jupyter
// message and back. It knows the protocol's words (version 5.4): headers, signing and the
// content of every message type; it knows nothing of sockets and nothing of Go
// cells.
//
//	frames from a socket                                frames for a socket
//	  identity …                                          identity … (or a topic)
//	  <IDS|MSG>                                           <IDS|MSG>
//	  signature   ── Decode(frames, key) ──► *Message     signature
//	  header                                   │          header
//	  parent                       m.Read(&ExecuteRequest)  parent
//	  metadata                                 │          metadata
//	  content                                  ▼          content
//	  buffer …              Session.Reply / Session.New ── m.Encode(key) ──► buffer …
//
// A request is read with Message.Read into the struct of its type. Read checks
// that the needed fields are there and have the right JSON types, fills in the protocol's
// defaults for those that are absent or null, and says in one sentence what is wrong otherwise:
//
//	var req message.ExecuteRequest
//	if err := m.Read(&req); err != nil {
//		// message: execute_request lacks the field "code"
//		reply, _ := session.Reply(m, message.NewErrorReply("ProtocolError", err.Error()))
//	}
//
// Replies carry "status": "ok" by themselves; nil lists and maps in them are
// written as [] and {}, never as null.
//
// The package does not implement the debug messages (the kernel announces no debugger).
package message
