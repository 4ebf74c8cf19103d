package check

import (
	"go/token"
	"go/types"
	"slices"
	"strings"
)

func didYouMean(prefix string, names []string) string {
	switch n := len(names); n {
	case 0:
		return ""
	case 1:
		return "did you mean " + prefix + names[0] + "?"
	default:
		return "did you mean " + prefix + strings.Join(names[:n-1], ", "+prefix) + " or " + prefix + names[n-1] + "?"
	}
}

// near gives the candidates that were most likely meant by name, sorted: those
// that differ in case only, or else by the fewest typing slips, few for the
// name's length. None where more than three are equally near.
func near(name string, candidates []string) []string {
	var best []string
	least := min(2, (len(name)+1)/3)
	for _, c := range candidates {
		if c == name || strings.Contains(c, dot) {
			continue
		}
		d := 0
		if !strings.EqualFold(c, name) {
			if abs(len(c)-len(name)) > least || min(len(c), len(name)) < 3 { // short names are all alike
				continue
			}
			d = max(1, distance(strings.ToLower(name), strings.ToLower(c)))
		}
		if d < least {
			best, least = nil, d
		}
		if d == least {
			best = append(best, c)
		}
	}
	slices.Sort(best)
	if best = slices.Compact(best); len(best) > 3 {
		return nil
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
