package display

import (
	"cmp"
	"fmt"
	"html"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// maxRows is how many rows of a table are shown.
const maxRows = 1000

// AsTable is a table: of a slice (or array) of structs or pointers to structs,
// one column a field; of maps, one column a key; of slices, the first of which
// is the head where it holds strings only; of a map, one row a key. Another
// value is a table of one column, or of one cell.
func AsTable(rows any) Bundle {
	t := tableOf(reflect.ValueOf(rows))
	return Bundle{"text/html": t.html(), "text/plain": t.text()}
}

// isTable says whether a value is better seen as a table than as text.
func isTable(value any) bool {
	t := reflect.TypeOf(value)
	if t == nil || t.Kind() != reflect.Slice && t.Kind() != reflect.Array {
		return false
	}
	elem := t.Elem()
	if elem.Kind() == reflect.Pointer {
		elem = elem.Elem()
	}
	return elem.Kind() == reflect.Struct || t.Elem().Kind() == reflect.Map
}

type table struct {
	head    []string
	rows    [][]string
	numbers []bool // columns that hold numbers only
	more    int    // rows left out
}

func tableOf(v reflect.Value) *table {
	v = indirect(v)
	t := &table{}
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		t.fill(v)
	case reflect.Map:
		t.head = []string{"key", "value"}
		for _, key := range sortedKeys(v) {
			t.add(key, v.MapIndex(key))
		}
	default:
		t.add(v)
	}
	for i := range t.rows {
		for len(t.rows[i]) < len(t.head) {
			t.rows[i] = append(t.rows[i], "")
		}
	}
	return t
}

// fill makes a row of each element.
func (t *table) fill(v reflect.Value) {
	n := min(v.Len(), maxRows+1)
	if n = min(v.Len(), maxRows); v.Len() > maxRows {
		t.more = v.Len() - maxRows
	}
	elems := make([]reflect.Value, n)
	kinds := map[reflect.Kind]int{}
	for i := range n {
		elems[i] = indirect(v.Index(i))
		kinds[elems[i].Kind()]++
	}
	switch {
	case n > 0 && kinds[reflect.Struct] == n && sameType(elems):
		t.structs(elems)
	case n > 0 && kinds[reflect.Map] == n:
		t.maps(elems)
	case n > 0 && kinds[reflect.Slice]+kinds[reflect.Array] == n:
		for i, e := range elems {
			if i == 0 && n > 1 && isHead(e) {
				t.head = slices.Collect(texts(e))
				continue
			}
			t.add(slices.Collect(values(e))...)
		}
	default:
		for _, e := range elems {
			t.add(e)
		}
	}
	t.numbers = append(t.numbers, make([]bool, max(0, len(t.head)-len(t.numbers)))...)
}

func (t *table) structs(elems []reflect.Value) {
	typ := elems[0].Type()
	for i := range typ.NumField() {
		t.head = append(t.head, fieldName(typ.Field(i).Name))
	}
	for _, e := range elems {
		row := make([]reflect.Value, typ.NumField())
		for i := range row {
			row[i] = e.Field(i)
		}
		t.add(row...)
	}
}

// fieldName undoes what an interpreter does to the name of a field that is not
// exported.
func fieldName(name string) string {
	if rest, ok := strings.CutPrefix(name, "X"); ok && rest != "" && unicode.IsLower([]rune(rest)[0]) {
		return rest
	}
	return name
}

func (t *table) maps(elems []reflect.Value) {
	var keys []reflect.Value
	seen := map[string]bool{}
	for _, e := range elems {
		for _, key := range sortedKeys(e) {
			if name := text(key); !seen[name] {
				seen[name] = true
				keys = append(keys, key)
			}
		}
	}
	slices.SortFunc(keys, compare)
	for _, key := range keys {
		t.head = append(t.head, text(key))
	}
	for _, e := range elems {
		row := make([]reflect.Value, len(keys))
		for i, key := range keys {
			if key.Type().AssignableTo(e.Type().Key()) {
				row[i] = e.MapIndex(key)
			}
		}
		t.add(row...)
	}
}

// add adds a row. A value that is not there is an empty cell.
func (t *table) add(row ...reflect.Value) {
	cells := make([]string, len(row))
	for i, v := range row {
		if i == len(t.numbers) {
			t.numbers = append(t.numbers, true)
		}
		if v.IsValid() {
			cells[i] = text(v)
			t.numbers[i] = t.numbers[i] && isNumber(v)
		}
	}
	t.rows = append(t.rows, cells)
}

func (t *table) html() string {
	var b strings.Builder
	align := func(i int) string {
		if i < len(t.numbers) && t.numbers[i] && len(t.rows) > 0 {
			return ` style="text-align: right"`
		}
		return ` style="text-align: left"`
	}
	b.WriteString("<table>")
	if t.head != nil {
		b.WriteString("<thead><tr>")
		for i, name := range t.head {
			fmt.Fprintf(&b, `<th scope="col"%s>%s</th>`, align(i), html.EscapeString(name))
		}
		b.WriteString("</tr></thead>")
	}
	b.WriteString("<tbody>")
	for _, row := range t.rows {
		b.WriteString("<tr>")
		for i, cell := range row {
			cell = strings.ReplaceAll(html.EscapeString(cell), "\n", "<br>")
			fmt.Fprintf(&b, "<td%s>%s</td>", align(i), cell)
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</tbody></table>")
	if t.more > 0 {
		fmt.Fprintf(&b, "<p>… and %d more rows</p>", t.more)
	}
	return b.String()
}

func (t *table) text() string {
	lines := t.rows
	if t.head != nil {
		lines = slices.Insert(slices.Clone(t.rows), 0, t.head)
	}
	var widths []int
	for _, row := range lines {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], columns(oneLine(cell)))
		}
	}
	var b strings.Builder
	write := func(row []string) {
		var line strings.Builder
		for i, cell := range row {
			if i > 0 {
				line.WriteString("  ")
			}
			cell = oneLine(cell)
			pad := strings.Repeat(" ", widths[i]-columns(cell))
			if i < len(t.numbers) && t.numbers[i] && len(t.rows) > 0 {
				line.WriteString(pad + cell)
			} else {
				line.WriteString(cell + pad)
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	for i, row := range lines {
		write(row)
		if i == 0 && t.head != nil {
			rule := make([]string, len(widths))
			for j, w := range widths {
				rule[j] = strings.Repeat("─", w)
			}
			write(rule)
		}
	}
	if t.more > 0 {
		fmt.Fprintf(&b, "… and %d more rows\n", t.more)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func oneLine(s string) string { return strings.NewReplacer("\n", "⏎", "\t", " ").Replace(s) }

// columns is how many columns of a terminal s takes.
func columns(s string) (n int) {
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case width.LookupRune(r).Kind() == width.EastAsianWide || width.LookupRune(r).Kind() == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// indirect follows pointers and interfaces; the result of a nil is not valid.
func indirect(v reflect.Value) reflect.Value {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	return v
}

func sameType(elems []reflect.Value) bool {
	return !slices.ContainsFunc(elems, func(e reflect.Value) bool { return e.Type() != elems[0].Type() })
}

func isHead(row reflect.Value) bool {
	for v := range values(row) {
		if indirect(v).Kind() != reflect.String {
			return false
		}
	}
	return row.Len() > 0
}

func isNumber(v reflect.Value) bool {
	v = indirect(v)
	if v.Kind() < reflect.Int || v.Kind() > reflect.Complex128 || v.Kind() == reflect.Uintptr {
		return false
	}
	return !v.CanInterface() || !hasWords(v.Interface())
}

// hasWords says whether a value prints as words of its own.
func hasWords(x any) bool {
	switch x.(type) {
	case fmt.Stringer, error, fmt.Formatter:
		return true
	}
	return false
}

func values(v reflect.Value) func(yield func(reflect.Value) bool) {
	return func(yield func(reflect.Value) bool) {
		for i := range v.Len() {
			if !yield(v.Index(i)) {
				return
			}
		}
	}
}

func texts(v reflect.Value) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for e := range values(v) {
			if !yield(text(e)) {
				return
			}
		}
	}
}

// text is a value as fmt prints it; a pointer to something without words of
// its own is followed.
func text(v reflect.Value) string {
	if v.Kind() == reflect.Pointer && !v.IsNil() && !(v.CanInterface() && hasWords(v.Interface())) {
		v = v.Elem()
	}
	if v.CanInterface() {
		return fmt.Sprint(v.Interface())
	}
	return fmt.Sprint(v)
}

func sortedKeys(m reflect.Value) []reflect.Value {
	return slices.SortedFunc(slices.Values(m.MapKeys()), compare)
}

// compare orders keys: numbers by size, others by their texts.
func compare(a, b reflect.Value) int {
	a, b = indirect(a), indirect(b)
	switch {
	case a.CanInt() && b.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint() && b.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	case a.CanFloat() && b.CanFloat():
		return cmp.Compare(a.Float(), b.Float())
	}
	return cmp.Compare(text(a), text(b))
}
