package engine

import (
	"fmt"
	"html"
	"strings"

	"interleave/engine/policy"
	"interleave/kernel/display"
)

// PolicyList is the schedulers that Policy takes. It shows itself.
type PolicyList []PolicyInfo

// PolicyInfo is a scheduler that Policy takes.
type PolicyInfo struct {
	Name    string
	Help    string
	Params  []string // "q=TIME: how long a task runs at a time"
	Example string   // "rr(q=4ms)"
}

// Policies lists the schedulers that Policy takes, with their parameters.
func Policies() PolicyList {
	var list PolicyList
	for _, k := range policy.Kinds() {
		p := PolicyInfo{Name: k.Name, Help: k.Help, Example: k.Example}
		for _, param := range k.Params {
			text := fmt.Sprintf("%s: %s (%s; %s unless told)", param.Name, param.Help, param.Range(), param.Standard())
			p.Params = append(p.Params, text)
		}
		list = append(list, p)
	}
	return list
}

// String is the list as text.
func (l PolicyList) String() string {
	var b strings.Builder
	for _, p := range l {
		fmt.Fprintf(&b, "%s: %s\n", p.Name, p.Help)
		for _, param := range p.Params {
			fmt.Fprintf(&b, "    %s\n", param)
		}
		fmt.Fprintf(&b, "    engine.Policy(%q)\n", p.Example)
	}
	return b.String()
}

// Display shows the list as a table.
func (l PolicyList) Display() display.Bundle {
	e := html.EscapeString
	const cell = `style="text-align:left;vertical-align:top;padding:2px 10px"`
	var b strings.Builder
	fmt.Fprintf(&b, "<table><tr><th scope=\"col\" %[1]s>policy</th><th scope=\"col\" %[1]s>what it does, and its parameters</th><th scope=\"col\" %[1]s>for example</th></tr>\n", cell)
	for _, p := range l {
		fmt.Fprintf(&b, "<tr><th scope=\"row\" %s>%s</th><td %s>%s", cell, e(p.Name), cell, e(p.Help))
		for _, param := range p.Params {
			name, rest, _ := strings.Cut(param, ":")
			fmt.Fprintf(&b, "<br><code>%s</code>:%s", e(name), e(rest))
		}
		fmt.Fprintf(&b, "</td><td %s><code>%s</code></td></tr>\n", cell, e(p.Example))
	}
	b.WriteString("</table>\n")
	return display.Bundle{"text/html": b.String(), "text/plain": l.String()}
}
