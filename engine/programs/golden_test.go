package programs

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
)

var (
	update = flag.Bool("update", false, "write what compiled Go does into the programs")
	only   = flag.String("only", "", "run just the programs whose names contain `text`")
	repeat = flag.Int("repeat", 1, "run each program `n` times, with changing numbers of processors")
)

// corpus loads the programs that the flags ask for.
func corpus(t *testing.T) []*Program {
	t.Helper()
	all, err := Load("testdata")
	if err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(p *Program) bool { return !strings.Contains(p.Name, *only) })
	if len(all) == 0 {
		t.Fatal("no programs")
	}
	return all
}

// TestGolden holds the committed sections against the compiler: what they say
// is what compiled Go does, every time.
func TestGolden(t *testing.T) {
	all := corpus(t)
	tools, err := NewToolchain(t.TempDir(), all)
	if err != nil {
		t.Fatal(err)
	}
	built, err := tools.Compile(all)
	if err != nil {
		t.Fatal(err)
	}
	reports := make([]string, len(built))
	each(len(built), func(i int) { reports[i] = golden(built[i]) })
	for _, r := range reports {
		if r != "" {
			t.Error(r)
		}
	}
	t.Logf("%d programs compiled and run", len(all))
}

// golden runs one compiled program and says what is wrong with it.
func golden(c *Compiled) string {
	p := c.Program
	if c.Errors != nil && p.Chapter() != "rejected" {
		return fmt.Sprintf("%s: does not compile:\n%s", p.Name, strings.Join(c.Errors, "\n"))
	}
	if c.Errors == nil && p.Chapter() == "rejected" {
		return fmt.Sprintf("%s: compiles, though it lies in the chapter of rejected cells", p.Name)
	}
	for i := range *repeat {
		got, err := c.Run(1 + (i*3+3)%8) // 4, 7, 2, 5, 8, 3, 6, 1
		if err != nil {
			return err.Error()
		}
		if *update && i == 0 {
			if err := p.Update(got); err != nil {
				return err.Error()
			}
		}
		if diff := p.Want.Diff(got); diff != "" {
			return fmt.Sprintf("%s, run %d:\n%s", p.Name, i+1, diff)
		}
	}
	return ""
}
