package front

import (
	"sync"

	"interleave/kernel/message"
)

// status publishes busy and idle. Front ends that show one light for the whole
// kernel believe the last status they saw, so the idle of a request that was
// answered while a cell runs is followed by that cell's busy again.
type status struct {
	post func(parent *message.Message, state string)

	mu      sync.Mutex
	running *message.Message // the execute_request that runs; nil: none
}

func (s *status) busy(request *message.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.post(request, message.Busy)
}

func (s *status) idle(request *message.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.post(request, message.Idle)
	if s.running != nil {
		s.post(s.running, message.Busy)
	}
}

// begin and end are busy and idle of a cell.
func (s *status) begin(request *message.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = request
	s.post(request, message.Busy)
}

func (s *status) end(request *message.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = nil
	s.post(request, message.Idle)
}
