package host

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"interleave/engine/policy"
)

// twin is a program over asyncio and the same over package async.
type twin struct{ name, python, cell, want string }

func twins(t testing.TB) (list []twin) {
	t.Helper()
	files, err := filepath.Glob("_asyncio/*.txtar")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil || len(a.Files) != 3 {
			t.Fatalf("%s: %d parts, %v", file, len(a.Files), err)
		}
		list = append(list, twin{strings.TrimSuffix(filepath.Base(file), ".txtar"), string(a.Files[0].Data), string(a.Files[1].Data), string(a.Files[2].Data)})
	}
	return list
}

// TestAsync runs the programs over package async.
func TestAsync(t *testing.T) {
	s := open(t)
	defer s.h.Close()
	s.run(t, "const ms = time.Millisecond")
	for _, p := range twins(t) {
		got := s.run(t, p.cell+"\n;")
		if got != p.want {
			t.Errorf("%s\n got %s\nwant %s", p.name, got, p.want)
		}
	}
}

// TestAsyncio runs the same programs in Python.
func TestAsyncio(t *testing.T) {
	all := twins(t)
	var programs []string
	for _, p := range all {
		programs = append(programs, p.python)
	}
	for i, got := range asyncio(t, programs) {
		if got != all[i].want {
			t.Errorf("%s\n got %q\nwant %q", all[i].name, got, all[i].want)
		}
	}
}

// asyncio runs programs in Python and gives what they print.
func asyncio(t *testing.T, programs []string) []string {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3: what asyncio does is not compared")
	}
	if exec.Command(python, "-c", "import asyncio; asyncio.timeout").Run() != nil {
		t.Skip("python3 is older than 3.11: what asyncio does is not compared")
	}
	in, err := json.Marshal(programs)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "_asyncio/run.py")
	cmd.Stdin = bytes.NewReader(in)
	var words bytes.Buffer
	cmd.Stderr = &words
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, words.String())
	}
	var outputs []string
	if err := json.Unmarshal(out, &outputs); err != nil || len(outputs) != len(programs) {
		t.Fatalf("%d outputs of %d programs, %v", len(outputs), len(programs), err)
	}
	return outputs
}

// randomScript makes a script of six tasks, of which the first three begin by themselves.
// No two sleeps of it have lengths whose sums could be equal: which of two timers of
// one moment goes first, asyncio leaves open.
func randomScript(r *policy.Rand) string {
	const tasks = 6
	long := 4 // ms
	var parts []string
	for k := range tasks {
		var ops []string
		for range 2 + r.Intn(5) {
			other := func() int { return r.Intn(tasks) }
			later := func() int { return k + 1 + r.Intn(tasks-1-k) } // nobody awaits in a circle
			op := [...]string{"p", "yield", "yield", "sleep", "create", "cancel", "await", "gather", "outcomes", "shield", "timeout", "lock", "room", "wait", "set", "clear", "put", "get", "soon", "future", "result", "raise"}[r.Intn(22)]
			if k == tasks-1 && slices.Contains([]string{"await", "gather", "outcomes", "shield", "timeout"}, op) {
				op = "yield"
			}
			switch op {
			case "sleep", "timeout":
				if long > 1000 {
					op = "yield"
					break
				}
				op = fmt.Sprintf("%s:%d", op, long)
				if strings.HasPrefix(op, "timeout") {
					op += fmt.Sprintf(",%d", later())
				}
				long *= 2
			case "create", "cancel":
				op = fmt.Sprintf("%s:%d", op, other())
			case "await", "shield":
				op = fmt.Sprintf("%s:%d", op, later())
			case "gather", "outcomes":
				op = fmt.Sprintf("%s:%d,%d", op, later(), later())
			case "lock", "room", "put", "result":
				op = fmt.Sprintf("%s:%d", op, r.Intn(4))
			}
			ops = append(ops, op)
		}
		parts = append(parts, strings.Join(ops, " "))
	}
	return strings.Join(parts, "|")
}

// TestAsyncAtRandom runs scripts made at random over asyncio and over package async, and
// compares what happened, in which order.
func TestAsyncAtRandom(t *testing.T) {
	const scripts = 200
	r := policy.NewRand(1, 77)
	var list []string
	for range scripts {
		list = append(list, randomScript(&r))
	}
	read := func(name string) string {
		data, err := os.ReadFile("_asyncio/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	given, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(asyncio(t, []string{"SCRIPTS = " + string(given) + "\n" + read("scripts.py")})[0], "\n")
	s := open(t)
	defer s.h.Close()
	if problem := s.run(t, read("scripts.go.txt")); problem != "" {
		t.Fatal(problem)
	}
	got := strings.Split(s.printed(new(bytes.Buffer), fmt.Sprintf("for _, text := range %#v {\n\ts := newScript(text)\n\tasync.Run(s.main())\n\tfmt.Println(strings.Join(s.log, \" \"))\n}", list), io.Discard), "\n")
	wrong := 0
	for i, text := range list {
		if i < len(got) && i < len(want) && got[i] == want[i] {
			continue
		}
		if wrong++; wrong <= 3 {
			t.Errorf("script %d: %s\n got %s\nwant %s", i, text, got[min(i, len(got)-1)], want[min(i, len(want)-1)])
		}
	}
	if wrong > 0 {
		t.Errorf("%d of %d scripts differ", wrong, len(list))
	}
}

// TestAsyncWords holds what a learner reads who has made one of the usual mistakes.
func TestAsyncWords(t *testing.T) {
	s := open(t)
	defer s.h.Close()
	s.run(t, "func work() async.Coro[int] { return async.Def(func() int { async.Await(async.Sleep(0)); return 1 }) }")
	for _, c := range []struct{ cell, want string }{
		{"work()", "=> <coroutine work, not begun: await it, or give it to async.Run>\n"},
		{"async.Await(work())", "panic: RuntimeError: 'await' outside async function: async.Await is for coroutines; async.Run(…) runs one, and go starts none\n"},
		{"async.CreateTask(work())", "panic: RuntimeError: no running event loop: async.CreateTask is for coroutines; async.Run(…) runs one\n"},
		{"async.Run(async.Proc(func() {\n\twork()\n\tasync.Sleep(1)\n}))", "RuntimeWarning: coroutine 'work' was never awaited (made at cell[5]:2:2)\nRuntimeWarning: coroutine 'sleep' was never awaited (made at cell[5]:3:2)\n"},
		{"async.Run(async.Proc(func() {\n\tasync.CreateTask(async.Proc(func() { panic(errors.New(\"lost\")) }), async.Name(\"loser\"))\n\tasync.Await(async.Sleep(0))\n}))",
			"Task exception was never retrieved\nfuture: <Task finished exception=lost name='loser' coro=<cell.func1() made at cell[6]:2:19>>\nraised at cell[6]:2:39\n"},
		{"async.Run(async.Proc(func() { time.Sleep(150 * time.Millisecond) }), async.Debug())", "Executing <Task finished name='Task-1' coro=<cell() made at cell[7]:1:11>> took 0.150 seconds\n"},
		{"async.Run(async.Proc(func() { async.Await(async.NewFuture[int]()) }))",
			"fatal error: the event loop waits for ever: nothing is ready, no timer is set, and nothing is to come from outside\n\tTask-1 cell() waits in await future\n"},
		{"async.Run(async.Proc(func() { async.CallSoon(func() { async.Await(work()) }); async.Await(async.Sleep(1)) }))",
			"Exception in call_soon: RuntimeError: 'await' outside async function: a callback cannot wait; create a task in it\nraised at cell[9]:1:55\nRuntimeWarning: coroutine 'work' was never awaited (made at cell[9]:1:67)\n"},
		{"async.Run(async.Proc(func() { go func() { async.Await(work()) }(); async.Await(async.Sleep(1)) }))", "fatal error: async.Run: panic: RuntimeError: 'await' outside async function: async.Await is for coroutines; async.Run(…) runs one, and go starts none\n"},
		{"async.Run(async.Proc(func() { os.Exit(3) }))", "exit status 3\n"},
		{"async.Run(async.Proc(func() { runtime.Goexit() }))", "panic: RuntimeError: the coroutine called runtime.Goexit\n"},
		{"async.Run(work()) + 1", "=> 2\n"},
		{"var m map[int]int\nasync.Run(async.Proc(func() {\n\tt := async.CreateTask(async.Proc(func() { m[1] = 2 }))\n\tasync.Await(t)\n}))", "panic: assignment to entry in nil map\n"},
	} {
		got := s.run(t, c.cell)
		got, _, _ = strings.Cut(strings.ReplaceAll(got, "=> None\n", ""), "\ngoroutine")
		if got != c.want {
			t.Errorf("%s\n got %q\nwant %q", c.cell, got, c.want)
		}
	}
	// What a task raised shows where that was, then where it was awaited, then Run.
	got := s.run(t, "async.Run(async.Proc(func() {\n\tt := async.CreateTask(async.Proc(func() { m[1] = 2 }))\n\tasync.Await(t)\n}))")
	want := "panic: assignment to entry in nil map\n\ngoroutine 1 [running]:\ncell.func1.func1(...)\n\tcell[15]:2:44\ncell.func1(...)\n\tcell[15]:3:2\ncell(...)\n\tcell[15]:1:1\n"
	if got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
