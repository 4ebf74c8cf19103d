package policy

import (
	"maps"

	"interleave/engine/trace"
)

// Loop is an event loop as asyncio's: one core, and no task is ever interrupted. It
// runs in turns. A turn runs, one after the other, what was ready when it began; what
// becomes ready meanwhile waits for the next turn. Between two turns the loop looks
// for what came from outside (the selector) and then for timers that are due, and
// puts them, in this order, behind what is ready. (CPython, Lib/asyncio/base_events.py,
// BaseEventLoop._run_once.)
//
// Where nothing is ready the loop sleeps in the selector: until something comes from
// outside, or, for a timer, a whole number of milliseconds, rounded up, since that is
// how epoll counts. (Lib/selectors.py, EpollSelector.select.)
//
// A task of a Priority above 0 is none of the loop's but what the loop runs within, as
// asyncio.run does: it goes between two turns, before all others.
//
// Its notes are trace.LoopTurn and trace.LoopSleep.
type Loop struct {
	note    func(now int64, n Note)
	ready   Queue // what the turn still has to run, and then what waits for the next
	turn    int   // how many of ready the turn still has to run
	arrived Queue // from outside, since the turn began
	due     Queue // timers, since then
	outside map[int]bool
	around  Queue // what the loop runs within
	asleep  bool
	since   int64 // when it went to sleep; never: it has not run yet
}

const never = -1

func loopKind() Kind {
	return Kind{
		Name: "loop", Help: "an event loop as asyncio's: one core, cooperative, in turns; then what came from outside, then timers",
		Example: "loop", make: func(called) Policy { return NewLoop() },
	}
}

// NewLoop returns the policy "loop".
func NewLoop() *Loop { return &Loop{} }

// selectorTick is what epoll rounds waits up to, in ns.
const selectorTick = 1_000_000

// Name implements Policy.
func (l *Loop) Name() string { return "loop" }

// Start implements Policy.
func (l *Loop) Start(s Setup) {
	*l = Loop{note: s.Note, outside: map[int]bool{}, asleep: true, since: never}
}

// Ready implements Policy.
func (l *Loop) Ready(now int64, t *Task, why Why, by *Task) Look {
	at := now
	switch {
	case t.Priority > 0:
		l.around.Push(t)
	case l.outside[t.ID]:
		delete(l.outside, t.ID)
		l.arrived.Push(t)
	case by == nil && why <= Woken:
		l.due.Push(t)
		if waited := now - l.since; waited > 0 && l.since != never {
			at = l.since + (waited+selectorTick-1)/selectorTick*selectorTick
		}
	default:
		l.ready.Push(t)
	}
	if !l.asleep {
		return Nobody
	}
	return Look{0, at}
}

// Pick implements Policy.
func (l *Loop) Pick(now int64, core int) Decision {
	if core != 0 {
		return Decision{Look: Nobody}
	}
	l.asleep = false
	if l.turn == 0 {
		if t := l.around.Pop(); t != nil {
			return Decision{Task: t, Look: Nobody}
		}
		l.begin(now)
	}
	if l.turn == 0 {
		l.asleep, l.since = true, now
		l.note(now, Note{Words: trace.LoopSleep})
		return Decision{Look: Nobody}
	}
	l.turn--
	return Decision{Task: l.ready.Pop(), Look: Nobody}
}

// begin begins a turn.
func (l *Loop) begin(now int64) {
	for _, q := range []*Queue{&l.arrived, &l.due} {
		for t := q.Pop(); t != nil; t = q.Pop() {
			l.ready.Push(t)
		}
	}
	if l.turn = l.ready.Len(); l.turn > 0 {
		l.note(now, Note{Words: trace.LoopTurn, Arg: int64(l.turn)})
	}
}

// Stop implements Policy.
func (l *Loop) Stop(now int64, core int, t *Task, why Why) {
	if why == Outside {
		l.outside[t.ID] = true
	}
}

// Save implements Policy.
func (l *Loop) Save() any { return l.clone() }

// Load implements Policy.
func (l *Loop) Load(saved any) { *l = *saved.(*Loop).clone() }

func (l *Loop) clone() *Loop {
	c := *l
	c.ready, c.arrived, c.due, c.around = l.ready.Clone(), l.arrived.Clone(), l.due.Clone(), l.around.Clone()
	c.outside = maps.Clone(l.outside)
	return &c
}
