// Package policy holds the schedulers. A Policy decides, on plain data, which ready
// task a core takes and for how long; it knows nothing of what the tasks do. What
// runs them — the machine, or a table of bursts from a textbook — calls it at every
// change and does what it says.
//
//	task ready ───Ready──▶          ──Look──▶ a core asks anew, now or later
//	core free  ───Pick───▶  policy  ──Decision (task, slice, delay, look)──▶
//	task left  ───Stop───▶
//	before a visible step ──Step──▶ ──Verdict (go on, give way, stand still)──▶
//	chance in the program ─Choose─▶ ──a number──▶
//	a task computes ───────Work───▶ ──for how long──▶
//
// A policy has no clock and no timers of its own. It is asked again when a slice
// ends, and an idle core can be told to ask again later (Decision.For without a
// task): both together are all the timers that the policies below need.
//
//	what it does by its own rules ──Setup.Note──▶ the trace
//
// Kinds is the table of those that have a name, with their parameters; Named makes
// one from what a user writes. One file holds one scheduler; book (an account for each
// task), cores (who runs where), heap and fair (virtual time) are what they share.
//
// Record writes a policy's answers down, Replay gives them again, and a Schedule is
// that list as a token. Guide asks somebody outside before each visible step.
//
// # How other schedulers fit
//
// Each of these is a Policy and nothing else; the notes say where its state lives
// and which answers carry its rules.
//
//   - FCFS: one Queue; Pick pops it, For 0.
//   - Round robin: the same, For q; Ready(Expired) pushes at the end. Where a slice
//     ends as a task arrives, the caller's order of Ready decides, and is stated.
//   - SJF: Pick the least Burst, or a guess kept from Task.Ran between Stops; For 0.
//   - SRTF: as SJF by what is left of Burst; Ready(New, Woken) compares with the
//     running tasks (what they have had is now - Task.Began) and returns a Look at the
//     core whose task has the most left. That core gets Stop(Preempted),
//     Ready(Preempted), Pick: the task is held for its core until then, and goes on
//     unless another has less.
//   - Priority: the same by Priority. Aging: a waiting task's priority is a function
//     of now - Since; Pick sets For, or a Look at another core, to the moment at which
//     the first of those that wait overtakes, so that no tick is needed.
//   - MLFQ: depth and used allotment by task; For is the least of what is left of the
//     turn, of the allotment, and until the next boost. The first call after its time
//     does the boost; no running task outlives it by more than a switch.
//   - Lottery: Pick draws from Rand(Seed), in a tree of sums. Stride: the least pass; it
//     follows from Task.Ran, so that a part of a slice counts as a part.
//   - CFS: the same with weights of nice values; For = period·weight/total;
//     Ready(Woken) places at max(own, least-latency/2) and may Look at a core whose task
//     is ahead by more than the wake-up granularity.
//   - EEVDF: virtual time and deadline by task; virtual time of all is their average;
//     lag is kept at Stop(Blocked); Pick the least deadline among the eligible; For =
//     what is left of the request.
//   - Many queues with affinity: Ready pushes to the queue of Task.Core; Pick takes
//     its own or steals; Delay = the migration's cost when Task.Core is another.
//     Balancing every so often: an idle core's For, while anybody waits.
//   - Cooperative: For 0; cores beyond the threads are never told to look.
//   - Event loop: cooperative on one core. Pick drains what was ready at the turn's
//     beginning before what came since; I/O and timers arrive by Ready(Woken). For the
//     whole milliseconds of its selector, a Look at a later time.
//   - The GIL of 5 ms: who waits for the lock has no core, and needs none: the
//     holder's slice ends (For, or a Look at its core) when the first wait has lasted
//     an interval. Then Ready(Expired) is the request and the drop: the lock goes to
//     the core of who is woken, by a Look, and the old holder is kept out until that
//     core has picked. Stop(Blocked, Outside) drops the lock at once.
//   - The GIL of ticks: For = 100 ticks; at Expired another core is looked at, later
//     by what waking takes, and the holder goes on (Delay: what waking costs it). Whether
//     who then picks finds the lock free depends on the moment: the convoy shows by
//     itself.
//   - One GIL an interpreter: the same state by Task.Group. None: all that could run
//     have cores; Coster makes computing longer.
//   - You choose, all orders: Guide, from outside.
//   - PCT: priorities by ID from Rand; Step counts and lowers one at d-1 random
//     counts, with Give if another is now higher.
//   - A learner's own: the same interface in simpler words (package kernel/engine),
//     carried out on a machine beside the one that it schedules. It is Failing: a wrong
//     answer has the machine pause.
//
// A lock's holder is not told to a policy: who gets a lock next is the lock's own
// affair. Priority inheritance, which joins the two, sets Task.Priority from outside
// and is followed by a Look at the next change.
package policy
