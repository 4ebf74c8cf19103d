package front

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"

	"interleave/kernel/message"
	"interleave/kernel/protocol"
)

var errInterrupted = errors.New("front: interrupted while waiting for input")

// prompts asks front ends for input, one question at a time, and takes in
// everything that arrives on stdin: what answers no open question is dropped.
type prompts struct {
	send func(c *cell, content message.InputRequest) (*message.Message, error)
	turn chan struct{} // holds one token: the right to ask

	mu   sync.Mutex
	open *question // nil: nobody waits
}

type question struct {
	id       string // of the input_request; "" until it is sent
	identity []byte // of the front end that was asked
	answer   chan protocol.Input
	ended    chan struct{} // closed by an interrupt
}

func newPrompts(send func(*cell, message.InputRequest) (*message.Message, error)) *prompts {
	p := &prompts{send: send, turn: make(chan struct{}, 1)}
	p.turn <- struct{}{}
	return p
}

// ask waits for the answer of the front end that sent the cell, for ctx, or for
// an interrupt. A front end that cannot be reached is an end of file.
func (p *prompts) ask(ctx context.Context, c *cell, prompt protocol.Prompt) (protocol.Input, error) {
	select {
	case <-p.turn:
	case <-ctx.Done():
		return protocol.Input{}, fmt.Errorf("front: input: %w", ctx.Err())
	}
	defer func() { p.turn <- struct{}{} }()

	q := &question{identity: first(c.request.Identities), answer: make(chan protocol.Input, 1), ended: make(chan struct{})}
	if err := p.put(c, q, prompt); err != nil {
		return protocol.Input{EOF: true}, nil
	}
	defer p.take(q)
	select {
	case in := <-q.answer:
		return in, nil
	case <-q.ended:
		return protocol.Input{}, errInterrupted
	case <-ctx.Done():
		return protocol.Input{}, fmt.Errorf("front: input: %w", ctx.Err())
	}
}

// put sends the question; an answer cannot overtake it, because accept waits
// for mu.
func (p *prompts) put(c *cell, q *question, prompt protocol.Prompt) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	m, err := p.send(c, message.InputRequest{Prompt: prompt.Text, Password: prompt.Password})
	if err != nil {
		return err
	}
	q.id = m.Header.ID
	p.open = q
	return nil
}

func (p *prompts) take(q *question) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open == q {
		p.open = nil
	}
}

// accept takes one message of the stdin socket. It answers the open question if
// it comes from the front end that was asked and is not a late answer to an
// earlier question (some front ends name none).
func (p *prompts) accept(m *message.Message) error {
	if m.Header.Type != "input_reply" {
		return fmt.Errorf("front: %s on stdin is ignored", m.Header.Type)
	}
	var reply message.InputReply
	if err := m.Read(&reply); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	q := p.open
	if q == nil || !bytes.Equal(q.identity, first(m.Identities)) {
		return nil
	}
	if parent := m.ParentID(); parent != "" && parent != q.id {
		return nil
	}
	p.open = nil
	const endOfFile = "\x04" // what jupyter_client sends for it
	q.answer <- protocol.Input{Text: reply.Value, EOF: reply.Value == endOfFile}
	return nil
}

// interrupt ends the wait of the open question.
func (p *prompts) interrupt() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open != nil {
		close(p.open.ended)
		p.open = nil
	}
}

func first(identities [][]byte) []byte {
	if len(identities) == 0 {
		return nil
	}
	return identities[0]
}
