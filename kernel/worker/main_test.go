//go:build unix

package worker

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"interleave/kernel/protocol"
)

// A test binary that is started with this variable is a worker.
const asWorker = "INTERLEAVE_TEST_WORKER"

func TestMain(m *testing.M) {
	if mode := os.Getenv(asWorker); mode != "" {
		err := Serve(func() (protocol.Handler, error) { return newFake(mode) })
		if err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// fake is a session whose cells are commands, one a line: a word and arguments.
type fake struct {
	declared []string
	keep     [][]byte
}

func newFake(mode string) (*fake, error) {
	switch mode {
	case "fails":
		return nil, errors.New("this session does not open")
	case "exits":
		os.Exit(7)
	}
	return &fake{}, nil
}

func (f *fake) Execute(ctx context.Context, req protocol.Execute, out protocol.Output) protocol.Done {
	done := protocol.Done{ID: req.ID}
	lines := bufio.NewScanner(strings.NewReader(req.Code))
	for lines.Scan() {
		word, rest, _ := strings.Cut(lines.Text(), " ")
		if err := f.command(ctx, req, out, &done, word, rest); err != nil {
			done.Error = &protocol.Error{Name: "error", Value: err.Error(), Traceback: []string{err.Error()}}
			break
		}
	}
	return done
}

func (f *fake) command(ctx context.Context, req protocol.Execute, out protocol.Output, done *protocol.Done, word, rest string) error {
	print := func(name, text string) { out.Stream(protocol.Stream{Cell: req.ID, Name: name, Text: text}) }
	number, _ := strconv.Atoi(rest)
	switch word {
	case "print":
		print("stdout", rest+"\n")
	case "bytes":
		for i := range len(rest) {
			print("stdout", rest[i:i+1])
		}
	case "warn":
		print("stderr", rest+"\n")
	case "lines":
		for i := range number {
			print("stdout", fmt.Sprintln("line", i))
		}
	case "native":
		fmt.Fprintln(os.Stdout, rest)
	case "run":
		cmd := exec.Command("/bin/sh", "-c", rest)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		return cmd.Run()
	case "start":
		cmd := exec.Command("/bin/sh", "-c", rest)
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Start(); err != nil {
			return err
		}
		print("stdout", fmt.Sprintln("child", cmd.Process.Pid))
	case "show":
		out.Display(protocol.Display{Cell: req.ID, Kind: "display_data", Data: map[string]any{"text/plain": rest}})
	case "read":
		line, err := bufio.NewReader(os.Stdin).ReadString('\n')
		print("stdout", fmt.Sprintf("%q %v\n", line, err))
	case "ask":
		in, err := out.Prompt(ctx, protocol.Prompt{Cell: req.ID, Text: rest})
		if err != nil {
			return err
		}
		print("stdout", fmt.Sprintf("got %q %v\n", in.Text, in.EOF))
	case "close":
		return syscall.Close(number)
	case "closefiles":
		return errors.Join(os.Stdin.Close(), os.Stdout.Close(), os.Stderr.Close())
	case "closeall":
		for fd := 3; fd < 100; fd++ {
			syscall.Close(fd)
		}
	case "scribble":
		for fd := 3; fd < 100; fd++ {
			syscall.Write(fd, []byte("garbage"))
		}
	case "late":
		go func() {
			<-ctx.Done()
			out.Stream(protocol.Stream{Cell: req.ID, Name: "stdout", Text: rest + "\n"})
		}()
	case "dielater":
		go func() {
			<-ctx.Done()
			os.Exit(number)
		}()
	case "wait":
		print("stdout", "waiting\n")
		<-ctx.Done()
		return ctx.Err()
	case "hang":
		print("stdout", "hanging\n")
		select {}
	case "spin": // as many goroutines, until interrupted
		var over atomic.Bool
		for range number {
			go func() {
				for !over.Load() {
				}
			}()
		}
		print("stdout", "spinning\n")
		<-ctx.Done()
		over.Store(true)
		return ctx.Err()
	case "exit":
		os.Exit(number)
	case "signal":
		syscall.Kill(os.Getpid(), syscall.Signal(number))
		select {}
	case "panic":
		panic(rest)
	case "die":
		go panic(rest)
		select {}
	case "goexit":
		runtime.Goexit()
	case "overflow":
		deeper(0)
	case "writes":
		m := map[int]int{}
		for range 8 {
			go func() {
				for i := range 1 << 30 {
					m[i%16] = i
				}
			}()
		}
		select {}
	case "sleepers":
		for range number {
			go func() { select {} }()
		}
		runtime.Gosched()
	case "allocate":
		f.keep = append(f.keep, make([]byte, number<<20))
	case "fill":
		for {
			block := make([]byte, 1<<20)
			for i := 0; i < len(block); i += 4096 {
				block[i] = 1
			}
			f.keep = append(f.keep, block)
		}
	case "var":
		f.declared = append(f.declared, rest)
		if done.Record == nil {
			done.Record = &protocol.Record{Count: req.Count}
		}
		done.Record.Code += "var " + rest + "\n"
		done.Record.Vars = append(done.Record.Vars, rest)
	case "record":
		done.Record = &protocol.Record{Count: req.Count, Code: rest}
	case "names":
		print("stdout", strings.Join(f.declared, " ")+"\n")
	case "pid":
		print("stdout", fmt.Sprintln(os.Getpid()))
	case "files": // how many descriptors and goroutines the worker has
		fds, err := os.ReadDir("/proc/self/fd")
		print("stdout", fmt.Sprintln(len(fds)+runtime.NumGoroutine()))
		return err
	case "limit":
		out.(protocol.Limiter).SetOutputLimit(int64(number))
	case "ends":
		done.Ends = true
	default:
		return fmt.Errorf("unknown command %q", word)
	}
	return nil
}

func deeper(n int) int { return deeper(n+1) + 1 }

func (f *fake) Replay(rec protocol.Record) error {
	switch rec.Code {
	case "bad":
		return errors.New("no such thing")
	case "deadly":
		os.Exit(9)
	}
	for _, name := range rec.Vars {
		f.declared = append(f.declared, name)
	}
	return nil
}

func (f *fake) Complete(req protocol.Complete) protocol.Completions {
	switch req.Code {
	case "panic":
		panic("completion")
	case "exit":
		os.Exit(4)
	case "pid":
		return protocol.Completions{Matches: []protocol.Completion{{Text: fmt.Sprint(os.Getpid())}}}
	}
	var matches []protocol.Completion
	for _, name := range f.declared {
		matches = append(matches, protocol.Completion{Text: name, Type: "variable"})
	}
	return protocol.Completions{Matches: matches}
}

func (f *fake) Inspect(req protocol.Inspect) protocol.Inspection {
	return protocol.Inspection{Found: slices.Contains(f.declared, req.Code)}
}

func (f *fake) IsComplete(code string) protocol.Completeness {
	return protocol.Completeness{Status: "complete", Indent: code}
}

func (f *fake) Comm(msg protocol.Comm, out protocol.Output) {
	msg.Target += " heard"
	out.Comm(msg)
}

func (f *fake) Close() error { return nil }

// patience is how long a test waits for what must happen.
const patience = 60 * time.Second
