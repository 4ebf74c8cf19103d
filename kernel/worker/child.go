package worker

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"interleave/kernel/protocol"
)

// child is the parent's side of one worker process. Its goroutines: write
// sends requests, read receives events and answers, listen (of lastWords)
// keeps the last words, wait reaps the process; one more for each prompt.
// All have ended when gone is closed.
type child struct {
	*process
	pool  *Pool // told of limits, opened and over
	join  *joiner
	queue *queue[protocol.Frame] // of requests
	gone  chan struct{}          // closed when the process is reaped and the pool has seen to it

	mu      sync.Mutex
	number  uint32
	calls   map[uint32]func(protocol.Frame)
	prompts map[uint32]context.CancelFunc
	asking  sync.WaitGroup // a prompt each
	reaped  bool
	asked   bool   // the learner interrupted the cell and it did not end
	ordered string // why the pool killed it; empty: it did not

	// These belong to the pool and are guarded by its mutex.
	open    bool        // its session is open
	useful  bool        // it has answered something
	busy    bool        // it runs a cell
	silent  bool        // its end is told with the answer of its cell
	replays []*record   // sent and not answered
	stuck   *time.Timer // runs while there are replays
	died    *Died       // set before gone is closed
}

var errDied = errors.New("worker: the worker process ended")

// startChild starts a worker process. The pool's methods opened, limited and
// over are called from goroutines of the child.
func startChild(p *Pool, cfg Config, spare bool) (*child, error) {
	started, err := startProcess(cfg)
	if err != nil {
		return nil, err
	}
	c := &child{
		process: started, pool: p, join: newJoiner(), queue: newQueue[protocol.Frame](), gone: make(chan struct{}),
		calls: map[uint32]func(protocol.Frame){}, prompts: map[uint32]context.CancelFunc{},
	}
	c.send(protocol.KindSetup, 0, protocol.Setup{
		Memory: cfg.Memory, OutputLimit: cfg.OutputLimit, Processes: cfg.Processes, Nice: cfg.Nice, Spare: spare,
	})
	var senders, receivers sync.WaitGroup
	senders.Go(c.write)
	receivers.Go(c.read)
	receivers.Go(func() { c.words.listen(func() { c.kill("") }) })
	go func() {
		p.over(c, c.wait(&senders, &receivers))
		close(c.gone)
	}()
	return c, nil
}

// wait reaps the process and its group and ends the child's goroutines.
func (c *child) wait(senders, receivers *sync.WaitGroup) *os.ProcessState {
	c.group.await(c.cmd)
	c.mu.Lock()
	state := c.group.reap(c.cmd)
	c.reaped = true
	c.mu.Unlock()
	c.expire()
	c.queue.close()
	receivers.Wait()
	senders.Wait()
	c.close()
	c.join.flush()
	c.mu.Lock()
	for _, cancel := range c.prompts {
		cancel()
	}
	c.mu.Unlock()
	c.asking.Wait()
	return state
}

// kill ends the process and all that it started. The first reason other than
// "" stands for what the process itself says.
func (c *child) kill(why string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.reaped {
		c.ordered = cmp.Or(c.ordered, why)
		c.group.kill()
	}
}

// order gives the reason of an end to come.
func (c *child) order(why string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ordered = cmp.Or(c.ordered, why)
}

// send queues a request; false: the process has ended.
func (c *child) send(kind protocol.Kind, number uint32, payload any) bool {
	f, err := protocol.NewFrame(kind, number, payload)
	return err == nil && c.queue.push(f)
}

func (c *child) write() {
	for {
		f, ok := c.queue.pop()
		if !ok {
			return
		}
		if err := protocol.WriteFrame(c.requests, f); err != nil && !errors.Is(err, protocol.ErrTooLarge) {
			return // the process is ending; wait sees it
		}
	}
}

// call sends a request; answer is called with the reply, from read, at most once.
func (c *child) call(kind protocol.Kind, payload any, answer func(protocol.Frame)) (number uint32, err error) {
	c.mu.Lock()
	c.number++
	number = c.number
	c.calls[number] = answer
	c.mu.Unlock()
	f, err := protocol.NewFrame(kind, number, payload)
	if err == nil && len(f.Payload) > protocol.MaxFrame {
		err = protocol.ErrTooLarge
	}
	if err == nil && !c.queue.push(f) {
		err = errDied
	}
	if err != nil {
		c.forget(number)
	}
	return number, err
}

func (c *child) forget(number uint32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.calls, number)
}

// ask sends a question and decodes the reply into answer.
func (c *child) ask(ctx context.Context, kind protocol.Kind, question, answer any) error {
	reply := make(chan protocol.Frame, 1)
	number, err := c.call(kind, question, func(f protocol.Frame) { reply <- f })
	if err != nil {
		return err
	}
	select {
	case f := <-reply:
		return f.Decode(answer)
	case <-ctx.Done():
		c.forget(number)
		return ctx.Err()
	case <-c.gone:
		return errDied
	}
}

// read hands on what the process sends until its end. A process that sends
// what is no frame is killed: something in it wrote to the protocol's pipe.
func (c *child) read() {
	r := bufio.NewReaderSize(&patient{r: c.events}, 64<<10)
	for {
		f, err := protocol.ReadFrame(r)
		if err == nil {
			err = c.receive(f)
		}
		if err == nil {
			continue
		}
		if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, os.ErrDeadlineExceeded) {
			// It has ended, or it goes on without being heard.
			time.AfterFunc(endTime, func() { c.kill("it closed the pipe that it speaks to the kernel with") })
		} else {
			c.kill("something wrote to the pipe that it speaks to the kernel with: " + err.Error())
		}
		return
	}
}

// endTime is how long a process may take to end after it closed its pipe.
const endTime = 300 * time.Millisecond

func (c *child) receive(f protocol.Frame) error {
	switch f.Kind {
	case protocol.KindStream:
		s, err := f.Stream()
		if err != nil {
			return err
		}
		c.join.stream(s)
	case protocol.KindDisplay:
		return handOn(c, f, protocol.Output.Display)
	case protocol.KindClear:
		return handOn(c, f, protocol.Output.Clear)
	case protocol.KindComm:
		return handOn(c, f, protocol.Output.Comm)
	case protocol.KindPrompt:
		return handOn(c, f, func(out protocol.Output, p protocol.Prompt) { c.prompt(out, f.Number, p) })
	case protocol.KindPromptEnd:
		c.endPrompt(f.Number)
	case protocol.KindLimit:
		var bytes int64
		if err := f.Decode(&bytes); err != nil {
			return err
		}
		c.pool.limited(c, bytes)
	case protocol.KindReady:
		c.pool.opened(c)
	case protocol.KindDone, protocol.KindReplayed, protocol.KindCompletions, protocol.KindInspection, protocol.KindCompleteness:
		c.mu.Lock()
		answer := c.calls[f.Number]
		delete(c.calls, f.Number)
		c.mu.Unlock()
		c.join.flush()
		if answer != nil {
			answer(f)
		}
	default:
		return fmt.Errorf("worker: frame %q from a worker", f.Kind)
	}
	return nil
}

// handOn decodes an event and gives it to whoever listens, in order.
func handOn[T any](c *child, f protocol.Frame, to func(protocol.Output, T)) error {
	var event T
	if err := f.Decode(&event); err != nil {
		return err
	}
	c.join.then(func(out protocol.Output) { to(out, event) })
	return nil
}

// prompt asks the learner in a goroutine of its own, so that the worker can
// still be heard.
func (c *child) prompt(out protocol.Output, number uint32, p protocol.Prompt) {
	ctx, cancel := context.WithCancel(context.Background())
	c.mu.Lock()
	c.prompts[number] = cancel
	c.mu.Unlock()
	c.asking.Go(func() {
		in, err := out.Prompt(ctx, p)
		if err != nil {
			in = protocol.Input{EOF: true}
		}
		c.endPrompt(number)
		c.send(protocol.KindInput, number, in)
	})
}

func (c *child) endPrompt(number uint32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cancel, ok := c.prompts[number]; ok {
		cancel()
		delete(c.prompts, number)
	}
}
