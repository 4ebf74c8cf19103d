package hardware

import (
	"bufio"
	"bytes"
	"context"
	"encoding/gob"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// Family is what processes and goroutines cost here.
type Family struct {
	Parent, Child int     // process ids
	Start         Time    // ns from the start of a process to its first word
	Smallest      Time    // ns from the start of the smallest program there is, "true", until its end is known; no turns: there is none
	Exit          Time    // ns from asking it to end until its parent knows how it ended
	Goroutine     Time    // ns from the start of a goroutine to its first word
	RoundTrip     Time    // ns from a byte in a pipe to its answer
	Channel       Time    // ns from a value in a channel to its answer
	Copy          float64 // bytes a second through a pipe, back and forth
	Pickle        float64 // bytes a second that encoding/gob encodes and decodes again
	Seen          [2]int  // a variable after the child has added 1 to it: in the child, in the parent
	Code          int     // exit code of a child that was asked to end with 7
}

// Bounds of Children.
const (
	births    = 12
	pipeTrips = 1_000
	copied    = 16 << 20
	pickled   = 100_000 // numbers
)

// Children starts processes of its own and measures what they cost, beside
// goroutines that do the same. command is how such a child is started: a program
// that calls Child. They end with the context.
func Children(ctx context.Context, command []string) (Family, error) {
	f := Family{Parent: os.Getpid()}
	var starts, exits []float64
	for range births {
		began := time.Now()
		c, err := bear(ctx, command)
		if err != nil {
			return f, err
		}
		starts = append(starts, float64(time.Since(began)))
		began = time.Now()
		if f.Code, err = c.end(7); err != nil {
			return f, err
		}
		exits = append(exits, float64(time.Since(began)))
	}
	f.Start, f.Exit = best(starts), best(exits)
	if program, err := exec.LookPath("true"); err == nil {
		if f.Smallest, err = repeat(ctx, births, func() error { return exec.CommandContext(ctx, program).Run() }); err != nil {
			return f, err
		}
	}
	c, err := bear(ctx, command)
	if err != nil {
		return f, err
	}
	defer c.kill()
	f.Child = c.pid
	f.Seen[1] = 41
	if f.Seen[0], err = c.add(f.Seen[1], 1); err != nil {
		return f, err
	}
	if f.RoundTrip, err = repeat(ctx, pipeTrips, c.trip); err != nil {
		return f, err
	}
	if f.Copy, err = c.copy(copied); err != nil {
		return f, err
	}
	if _, err = c.end(0); err != nil {
		return f, err
	}
	return f, f.within(ctx)
}

// within measures the same within this process.
func (f *Family) within(ctx context.Context) (err error) {
	if f.Goroutine, err = repeat(ctx, pipeTrips, func() error {
		up := make(chan struct{})
		go close(up)
		<-up
		return nil
	}); err != nil {
		return err
	}
	there, back := make(chan byte), make(chan byte)
	go func() {
		for b := range there {
			back <- b
		}
	}()
	f.Channel, err = repeat(ctx, pipeTrips, func() error { there <- 1; <-back; return nil })
	close(there)
	if err != nil {
		return err
	}
	numbers := make([]int, pickled)
	for i := range numbers {
		numbers[i] = i * i
	}
	var size int
	t, err := repeat(ctx, 5, func() error {
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(numbers); err != nil {
			return err
		}
		size = b.Len()
		var copy []int
		return gob.NewDecoder(&b).Decode(&copy)
	})
	if err == nil {
		f.Pickle = float64(size) / t.Best * 1e9
	}
	return err
}

// child is a process that runs Child.
type child struct {
	cmd *exec.Cmd
	pid int
	in  io.WriteCloser
	out *bufio.Reader
}

// bear starts one and waits for its first word.
func bear(ctx context.Context, command []string) (*child, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.WaitDelay = time.Second
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("hardware: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("hardware: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("hardware: no child process: %w", err)
	}
	c := &child{cmd, cmd.Process.Pid, in, bufio.NewReaderSize(out, 64<<10)}
	switch word, err := c.ask(""); {
	case err == nil && word == firstWord:
		return c, nil
	case ctx.Err() != nil:
		c.kill()
		return nil, ctx.Err()
	case err == nil:
		err = fmt.Errorf("%s does not say that it is one", command[0])
		fallthrough
	default:
		c.kill()
		return nil, fmt.Errorf("hardware: child process: %w", err)
	}
}

func (c *child) kill() {
	c.in.Close()
	c.cmd.Process.Kill()
	c.cmd.Wait()
}

// ask says something and gives the next line of the answer.
func (c *child) ask(line string) (string, error) {
	if line != "" {
		if _, err := io.WriteString(c.in, line+"\n"); err != nil {
			return "", err
		}
	}
	answer, err := c.out.ReadString('\n')
	return strings.TrimSuffix(answer, "\n"), err
}

func (c *child) add(to, n int) (int, error) {
	answer, err := c.ask(fmt.Sprintf("add %d %d", to, n))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(answer)
}

func (c *child) trip() error {
	_, err := c.ask("x")
	return err
}

// copy sends so many bytes there and takes them back; it gives bytes a second.
func (c *child) copy(bytes int) (float64, error) {
	piece := make([]byte, 256<<10)
	began := time.Now()
	if _, err := fmt.Fprintf(c.in, "copy %d\n", bytes); err != nil {
		return 0, err
	}
	sent := make(chan error, 1)
	go func() {
		for n := 0; n < bytes; n += len(piece) {
			if _, err := c.in.Write(piece[:min(len(piece), bytes-n)]); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	_, err := io.CopyN(io.Discard, c.out, int64(bytes))
	if e := <-sent; err == nil {
		err = e
	}
	return float64(bytes) / time.Since(began).Seconds(), err
}

// end asks a child to exit with a code, waits for it, and gives the code that came.
func (c *child) end(code int) (int, error) {
	if _, err := fmt.Fprintf(c.in, "exit %d\n", code); err != nil {
		c.kill()
		return 0, fmt.Errorf("hardware: child process: %w", err)
	}
	err := c.cmd.Wait()
	if _, other := err.(*exec.ExitError); err != nil && !other {
		return 0, fmt.Errorf("hardware: child process: %w", err)
	}
	return c.cmd.ProcessState.ExitCode(), nil
}

// firstWord is what a child says when it is there.
const firstWord = "up"

// Child is the whole of a child process: it answers line by line until it is told
// with which code to exit, or its input ends.
func Child(in io.Reader, out io.Writer) (code int) {
	r := bufio.NewReaderSize(in, 64<<10)
	fmt.Fprintln(out, firstWord)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return 0
		}
		var a, b int
		switch word, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " "); word {
		case "x":
			fmt.Fprintln(out, "x")
		case "add": // in this process's own memory
			fmt.Sscan(rest, &a, &b)
			own := a
			own += b
			fmt.Fprintln(out, own)
		case "copy":
			fmt.Sscan(rest, &a)
			io.CopyN(out, r, int64(a))
		case "exit":
			fmt.Sscan(rest, &a)
			return a
		}
	}
}

// Note says what the costs of processes depend on here.
func (f Family) Note() string {
	return "a child is this same program, started anew under " + runtime.GOOS + "; how long an interpreter such as Python takes to start is not measured here"
}
