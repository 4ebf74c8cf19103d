package hardware

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"
)

// childEnv makes this test binary a child of Children.
const childEnv = "INTERLEAVE_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		os.Exit(Child(os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

func TestChildren(t *testing.T) {
	t.Setenv(childEnv, "yes")
	f, err := Children(context.Background(), []string{os.Args[0]})
	if err != nil {
		t.Fatal(err)
	}
	if f.Seen != [2]int{42, 41} {
		t.Errorf("a variable after the child added 1: %v", f.Seen)
	}
	if f.Code != 7 || f.Child == f.Parent || f.Start.Best <= 0 || f.RoundTrip.Best <= 0 || f.Copy <= 0 || f.Pickle <= 0 {
		t.Errorf("%+v", f)
	}
}

// TestNoChild: a program that is none, and one that the context ends.
func TestNoChild(t *testing.T) {
	if _, err := Children(context.Background(), []string{"/no/such/program"}); err == nil {
		t.Error("no error")
	}
	ctx, stop := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer stop()
	t.Setenv(childEnv, "yes")
	for {
		if _, err := Children(ctx, []string{os.Args[0]}); err != nil {
			if ctx.Err() == nil || errors.Is(err, context.Canceled) {
				t.Errorf("before the end of the context: %v", err)
			}
			return
		}
	}
}
