package check

import (
	"go/token"
	"go/types"
	"slices"
	"strings"
)

func didYouMean(prefix, name string) string {
	if name == "" {
		return ""
	}
	return "did you mean " + prefix + name + "?"
}

// near gives the candidate that was most likely meant by name: one that differs
// in case only, or by few typing slips for its length. Empty where none is near
// or two are equally so.
func near(name string, candidates []string) string {
	const far = 3
	best, bestAt, tie := "", far, false
	for _, c := range candidates {
		if c == name || strings.Contains(c, dot) {
			continue
		}
		d := far
		if strings.EqualFold(c, name) {
			d = 0
		} else if limit := min(2, (len(name)+1)/3); limit > 0 && abs(len(c)-len(name)) <= limit {
			if n := distance(strings.ToLower(name), strings.ToLower(c)); n <= limit {
				d = n
			}
		}
		switch {
		case d < bestAt:
			best, bestAt, tie = c, d, false
		case d == bestAt && d < far && c != best:
			tie = true
		}
	}
	if tie {
		return ""
	}
	return best
}

func abs(n int) int { return max(n, -n) }

// distance counts the insertions, deletions, replacements and swaps of
// neighbours that make b of a (optimal string alignment).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	var before, last, row []int
	last = make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		row = make([]int, len(y)+1)
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(y)]
}

// namesAt lists the names that can be used at a position of the cell.
func (ck *checking) namesAt(pos token.Pos) []string {
	var names []string
	for key, e := range ck.s.entries {
		if e.stale == "" && !strings.Contains(key, ".") {
			names = append(names, key)
		}
	}
	for _, e := range ck.decls {
		if !strings.Contains(e.key, ".") {
			names = append(names, e.key)
		}
	}
	for name := range ck.vars {
		names = append(names, name)
	}
	for name := range ck.imports {
		names = append(names, name)
	}
	if ck.selected(pos) {
		for _, path := range ck.s.lib.Paths() {
			names = append(names, path[strings.LastIndex(path, "/")+1:])
		}
	}
	names = append(names, types.Universe.Names()...)
	for _, sc := range ck.info.Scopes {
		for in := sc.Innermost(pos); in != nil && in != ck.pkg.Scope() && in != types.Universe; in = in.Parent() {
			names = append(names, in.Names()...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// members lists the fields and methods of a type, promoted ones included.
func members(t types.Type) []string {
	names := fields(t)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	set := types.NewMethodSet(t)
	if !types.IsInterface(t) {
		set = types.NewMethodSet(types.NewPointer(t))
	}
	for sel := range set.Methods() {
		names = append(names, sel.Obj().Name())
	}
	return names
}

// fields lists the fields of a struct or of what a pointer points to.
func fields(t types.Type) []string {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var names []string
	for f := range s.Fields() {
		names = append(names, f.Name())
	}
	return names
}
