package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"interleave/engine/machine"
	"interleave/engine/programs"
	"interleave/engine/speed"
)

// A program may hang its evaluator, or kill the process. So each runs in a child:
// this command again, told by its environment what to run.
const (
	childProgram   = "COMPARE_PROGRAM"
	childCorpus    = "COMPARE_CORPUS"
	childEvaluator = "COMPARE_EVALUATOR"
	childResult    = "COMPARE_RESULT"
)

const (
	cellLimit  = 20 * time.Second // then the cells are interrupted
	childLimit = 40 * time.Second // then the child is killed
)

var evaluators = []string{"machine", "yaegi"}

// child runs one program and writes what came of it.
func child(name string) error {
	all, err := programs.Load(os.Getenv(childCorpus))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(p *programs.Program) bool { return p.Name == name })
	if i < 0 {
		return fmt.Errorf("no program %s", name)
	}
	s, err := session(os.Getenv(childEvaluator), machine.Config{})
	if err != nil {
		return err
	}
	defer s.Close()
	ctx, cancel := context.WithTimeout(context.Background(), cellLimit)
	defer cancel()
	out, err := json.Marshal(programs.Evaluate(ctx, all[i], s.Check(), s.Evaluator()))
	if err != nil {
		return err
	}
	return os.WriteFile(os.Getenv(childResult), out, 0o600)
}

func session(evaluator string, config machine.Config) (*speed.Session, error) {
	if evaluator == "yaegi" {
		return speed.NewYaegi()
	}
	a, err := archive()
	if err != nil {
		return nil, err
	}
	return speed.NewMachine(a, config)
}

// parent runs a child and reads what came of it.
func parent(corpus, evaluator string, p *programs.Program, result string) (e programs.Evaluation) {
	self, err := os.Executable()
	if err != nil {
		return programs.Evaluation{Internal: err.Error()}
	}
	ctx, cancel := context.WithTimeout(context.Background(), childLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), childProgram+"="+p.Name, childCorpus+"="+corpus, childEvaluator+"="+evaluator, childResult+"="+result)
	said, err := cmd.CombinedOutput()
	if err == nil {
		var data []byte
		if data, err = os.ReadFile(result); err == nil {
			err = json.Unmarshal(data, &e)
		}
	}
	if err != nil {
		return programs.Evaluation{Internal: fmt.Sprintf("its process: %v: %.400s", err, said)}
	}
	return e
}

// count judges every program on both evaluators. What is wrong goes to standard
// error, with the reason.
func count(corpus string) (string, error) {
	all, err := programs.Load(corpus)
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "compare")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	var text strings.Builder
	fmt.Fprintf(&text, "| of %d programs | equal | refused | wrong |\n|---|--:|--:|--:|\n", len(all))
	for _, evaluator := range evaluators {
		verdicts, reasons := make([]programs.Verdict, len(all)), make([]string, len(all))
		var wg sync.WaitGroup
		slots := make(chan struct{}, runtime.GOMAXPROCS(0))
		for i, p := range all {
			wg.Go(func() {
				slots <- struct{}{}
				defer func() { <-slots }()
				result := filepath.Join(dir, fmt.Sprintf("%s%d", evaluator, i))
				verdicts[i], reasons[i] = programs.Judge(p, parent(corpus, evaluator, p, result))
			})
		}
		wg.Wait()
		var sum [3]int
		for i, v := range verdicts {
			sum[v]++
			if v == programs.Wrong {
				fmt.Fprintf(os.Stderr, "%s: %s: wrong\n%s\n", evaluator, all[i].Name, reasons[i])
			}
		}
		fmt.Fprintf(&text, "| `%s` | %d | %d | %d |\n", evaluator, sum[programs.Equal], sum[programs.Refused], sum[programs.Wrong])
	}
	return text.String(), nil
}
