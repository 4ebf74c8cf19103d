package main

import (
	"errors"

	"interleave/kernel/protocol"
)

func newSession() (protocol.Handler, error) { return nil, errors.New("building") }
