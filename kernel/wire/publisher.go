package wire

import (
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
)

const (
	patience  = 5 * time.Second // of Publish with a peer that does not read
	slowest   = 64 << 10        // bytes that a peer must take in that time
	maxTopics = 1024            // of one peer
)

// Publisher is an XPUB socket: iopub.
type Publisher struct {
	*server
	welcome func(topic string) [][]byte

	order sync.Mutex // held by Publish, so that every peer gets the same order
	mu    sync.Mutex
	subs  map[*subscriber]struct{}
}

// subscriber is a peer with its topics.
type subscriber struct {
	*peer
	mu     sync.Mutex
	topics map[string]struct{}
}

// NewPublisher binds ep. For each subscription it calls welcome in the goroutine of the peer that
// subscribed, sends the frames that welcome returns (none where nil) to that peer
// alone, and only then delivers what matches the topic. A nil welcome sends nothing; a nil log
// discards.
func NewPublisher(ep Endpoint, log *slog.Logger, welcome func(topic string) [][]byte) (*Publisher, error) {
	l, port, err := ep.listen()
	if err != nil {
		return nil, err
	}
	return newPublisher(l, port, log, welcome), nil
}

func newPublisher(l net.Listener, port int, log *slog.Logger, welcome func(topic string) [][]byte) *Publisher {
	b := &Publisher{
		server:  newServer(l, port, zmq4.XPub, smallLimits(), log),
		welcome: welcome,
		subs:    map[*subscriber]struct{}{},
	}
	b.start(b.talk)
	return b
}

// Publish queues a message for every peer that subscribed to a prefix of frames[0], the topic. It is
// safe for concurrent use; every peer gets all messages in the same order. Where a peer's queue is
// full (10,000 messages or 64 MB), Publish waits for it; a peer that takes less than 64 KB
// in 5 s of waiting is disconnected. No single message is ever dropped. The error is ErrClosed
// or nil.
func (b *Publisher) Publish(frames [][]byte) error {
	b.order.Lock()
	defer b.order.Unlock()
	select {
	case <-b.closing:
		return ErrClosed
	default:
	}
	it := newItem(frames)
	for _, s := range b.matching(string(frames[0])) {
		err := s.queue.putPatiently(it, patience, slowest, s.written.Load, s.gone, b.closing)
		if errors.Is(err, errSlow) {
			b.log.Warn("disconnected a subscriber that does not read")
			b.leave(s)
			s.end()
		}
	}
	return nil
}

// Subscribers returns the number of connected peers.
func (b *Publisher) Subscribers() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.subs)
}

// Close stops accepting, sends what is queued for up to 1 s, disconnects every peer and waits for all
// goroutines.
func (b *Publisher) Close() error { return b.close(drainTimeout) }

func (b *Publisher) matching(topic string) []*subscriber {
	b.mu.Lock()
	defer b.mu.Unlock()
	var match []*subscriber
	for s := range b.subs {
		if s.wants(topic) {
			match = append(match, s)
		}
	}
	return match
}

// talk serves one connection.
func (b *Publisher) talk(l *link) {
	s := &subscriber{peer: newPeer(l), topics: map[string]struct{}{}}
	s.command = func(name string, body []byte) error {
		switch name { // as peers of ZMTP 3.1 say it
		case zmq4.CmdSubscribe:
			return b.subscribe(s, string(body))
		case zmq4.CmdCancel:
			s.unsubscribe(string(body))
			return nil
		}
		return s.answer(name, body)
	}
	b.mu.Lock()
	b.subs[s] = struct{}{}
	b.mu.Unlock()
	defer b.leave(s)
	err := s.converse(b.closing, func(frames [][]byte) error {
		if len(frames) != 1 || len(frames[0]) == 0 {
			return nil // an upstream message of a program that is no Jupyter client
		}
		switch topic := string(frames[0][1:]); frames[0][0] {
		case 1:
			return b.subscribe(s, topic)
		case 0:
			s.unsubscribe(topic)
		}
		return nil
	})
	b.log.Debug("subscriber left", "err", err)
}

func (b *Publisher) leave(s *subscriber) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.subs, s)
}

func (b *Publisher) subscribe(s *subscriber, topic string) error {
	var welcome [][]byte
	if b.welcome != nil {
		welcome = b.welcome(topic)
	}
	// Under one lock: whoever has read the welcome gets all that is published from then on.
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.topics) >= maxTopics {
		return errors.New("wire: too many subscriptions")
	}
	if welcome != nil && !s.send(welcome) {
		return errSlow
	}
	s.topics[topic] = struct{}{}
	return nil
}

func (s *subscriber) unsubscribe(topic string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.topics, topic)
}

func (s *subscriber) wants(topic string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for t := range s.topics {
		if strings.HasPrefix(topic, t) {
			return true
		}
	}
	return false
}
