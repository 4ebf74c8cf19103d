package engine

import (
	"fmt"
	"reflect"
	"strconv"
	"time"
)

// Symbols is the table of this package for an evaluator, in the form of yaegi's
// tables.
func Symbols() map[string]map[string]reflect.Value {
	v := reflect.ValueOf
	return map[string]map[string]reflect.Value{path + "/engine": {
		"Last": v(Last), "Run": v(Run), "Replay": v(Replay), "Tasks": v(Tasks), "Stop": v(Stop), "Set": v(Set), "Grade": v(Grade),
		"Cores": v(Cores), "Seed": v(Seed), "Slice": v(Slice), "Policy": v(Policy), "Watch": v(Watch), "Events": v(Events), "Cost": v(Cost), "Jitter": v(Jitter), "Limit": v(Limit),

		"MeasureGIL": v(MeasureGIL), "Mix": v((*Mix)(nil)), "GILMeasurement": v((*GILMeasurement)(nil)), "GILRun": v((*GILRun)(nil)), "GILFigure": v((*GILFigure)(nil)), "CompareGIL": v(CompareGIL), "GILSpeedup": v(GILSpeedup), "GILResponse": v(GILResponse),
		"Contention": v((*Contention)(nil)), "ThreadUse": v((*ThreadUse)(nil)), "Native": v(Native), "NativeHolding": v(NativeHolding),
		"Work": v(Work), "IO": v(IO), "Go": v(Go), "Trait": v((*Trait)(nil)),
		"Name": v(Name), "Nice": v(Nice), "Priority": v(Priority), "Tickets": v(Tickets), "Group": v(Group), "Burst": v(Burst),

		"Timeline": v(Timeline), "Compare": v(Compare), "ByCore": v(ByCore), "Between": v(Between), "ToScale": v(ToScale), "BySteps": v(BySteps),

		"Scheduler": v(Scheduler), "Job": v((*Job)(nil)), "Picker": v((*Picker)(nil)), "Slicer": v((*Slicer)(nil)),
		"Preempter": v((*Preempter)(nil)), "Stopper": v((*Stopper)(nil)), "Starter": v((*Starter)(nil)),

		"Drawing": v((*Drawing)(nil)), "View": v((*View)(nil)),
		"Execution": v((*Execution)(nil)), "Summary": v((*Summary)(nil)), "TaskUse": v((*TaskUse)(nil)), "CoreUse": v((*CoreUse)(nil)),
		"Wait": v((*Wait)(nil)), "Task": v((*Task)(nil)), "TaskList": v((*TaskList)(nil)), "Option": v((*Option)(nil)), "Failure": v((*Failure)(nil)),
		"Caches": v(Caches), "Stream": v(Stream), "Family": v((*Family)(nil)), "ProcessUse": v((*ProcessUse)(nil)), "Memory": v((*Memory)(nil)), "MemoryUse": v((*MemoryUse)(nil)), "FalseLine": v((*FalseLine)(nil)), "Plot": v((*Plot)(nil)), "Curve": v((*Curve)(nil)),
		"MeasureCaches": v(MeasureCaches), "MeasureMatrix": v(MeasureMatrix), "MeasureThreads": v(MeasureThreads), "MeasureSharing": v(MeasureSharing),
		"MeasureFiles": v(MeasureFiles), "MeasureLoopback": v(MeasureLoopback), "MeasureProcesses": v(MeasureProcesses),
		"Measurement": v((*Measurement)(nil)), "Figure": v((*Figure)(nil)),
		"Process": v((*Process)(nil)), "Workload": v((*Workload)(nil)), "Processes": v(Processes), "ProcessTable": v(ProcessTable),
		"Metrics": v((*Metrics)(nil)), "TaskMetrics": v((*TaskMetrics)(nil)), "CompareGantt": v(CompareGantt), "Sweep": v(Sweep), "Policies": v(Policies), "PolicyList": v((*PolicyList)(nil)), "PolicyInfo": v((*PolicyInfo)(nil)),
		"Grading": v((*Grading)(nil)), "Remarks": v((*Remarks)(nil)), "Resources": v((*Resources)(nil)), "ResourceGraph": v(ResourceGraph), "ResourceTable": v(ResourceTable),
	}}
}

// path is this package's.
const path = "interleave/kernel/engine"

// elsewhere is how a function ends that only the machine has.
func elsewhere(name string) string {
	return fmt.Sprintf("engine.%s works on the deterministic machine only: choose it with %%evaluator machine", name)
}

// Last is the run of the cell before this one. Cells without goroutines of their own
// are passed over where they look at an earlier run: looking again shows the same run;
// where they called Run, it is that run. Last panics where no cell has run yet.
func Last() *Execution { panic(elsewhere("Last")) }

// Timeline draws the run of the cell before this one: Last().Timeline.
func Timeline(views ...View) *Drawing { panic(elsewhere("Timeline")) }

// Run runs f as the main function of a program of its own, and records it. When f
// returns, the goroutines that it started end, too. What would end a program, such as a
// panic or a deadlock, ends only the run: see Execution.Err. Options change the
// machine for this run alone.
func Run(f func(), options ...Option) *Execution { panic(elsewhere("Run")) }

// Replay runs f as it ran when the token was printed: on the same machine under the
// same policy. It panics where the text is no token.
func Replay(token string, f func()) *Execution { panic(elsewhere("Replay")) }

// Tasks lists the goroutines that live, except the one that asks: those of earlier
// cells, which go on in the background, and those of this one.
func Tasks() TaskList { panic(elsewhere("Tasks")) }

// Stop ends the goroutine with an id that Tasks lists, at once and without its
// deferred calls. The error says why it cannot.
func Stop(id int) error { panic(elsewhere("Stop")) }

// Set changes the machine for the cells that follow, as %machine does. It panics
// where a setting is out of its range.
func Set(options ...Option) { panic(elsewhere("Set")) }

// Option is a setting of the machine.
type Option struct {
	name, value string
	own         *learner // of Scheduler
}

// String is the option as %machine takes a setting: "cores=2".
func (o Option) String() string { return o.name + "=" + o.value }

// Cores is how many virtual cores there are: 1 to 256; 4 unless told.
func Cores(n int) Option { return Option{name: "cores", value: strconv.Itoa(n)} }

// Seed is what everything left to chance follows from; from 1 on, and 1 unless told.
func Seed(n uint64) Option { return Option{name: "seed", value: strconv.FormatUint(n, 10)} }

// Slice is how long a goroutine may run before another's turn, under policies that are
// told no time of their own; from 1µs on, and 10ms unless told.
func Slice(d time.Duration) Option { return Option{name: "slice", value: d.String()} }

// Policy is who decides what runs next: "go", as Go's runtime does, "random", any ready
// goroutine at any visible step, "rr(q=4ms)" … Policies lists them all with their
// parameters; a number without a unit is ms. See Scheduler for one of your own.
func Policy(name string) Option { return Option{name: "policy", value: name} }

// Watch makes every access to shared memory an event of the trace.
func Watch() Option { return Option{name: "watch", value: "on"} }

// Cost is what something takes on the machine: "switch", that a core takes up another
// goroutine (200ns unless told); "wake", that an idle core notices work (1µs); "spawn", a
// go statement (300ns). From 0s to 1h.
func Cost(what string, d time.Duration) Option {
	switch what {
	case "switch", "wake", "spawn":
	default:
		what = "cost " + what // no setting is called so: the error says what there is
	}
	return Option{name: what, value: d.String()}
}

// Jitter is by how many percent the costs vary by chance, that is, by the seed: 0 to
// 100; 20 unless told.
func Jitter(percent int) Option { return Option{name: "jitter", value: strconv.Itoa(percent)} }

// Events is how many events the trace of a run holds at most, the last ones; from 1
// on, and 1,000,000 unless told. Only Run takes it.
func Events(n int) Option { return Option{name: events, value: strconv.Itoa(n)} }

// Limit ends a run, with an error, after that much virtual time; from 1ns on. Only Run
// takes it.
func Limit(d time.Duration) Option { return Option{name: limit, value: d.String()} }

// The options that are no settings of the machine.
const (
	events = "events"
	limit  = "limit"

	scheduler = "scheduler" // see Scheduler
)
