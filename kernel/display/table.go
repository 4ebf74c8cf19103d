package display

import (
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
	t := tableOf(reflect.ValueOf(open(rows)))
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

func tableOf(rows reflect.Value) *table {
	t := &table{}
	switch v := indirect(rows); v.Kind() {
	case reflect.Slice, reflect.Array:
		t.fill(v)
	case reflect.Map:
		t.head = []string{"key", "value"}
		for _, key := range sortedKeys(v) {
			t.add(key, v.MapIndex(key))
		}
	case reflect.Invalid:
		t.rows = [][]string{{"<nil>"}}
	default:
		t.add(rows)
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
	n := min(v.Len(), maxRows)
	t.more = v.Len() - n
	elems := make([]reflect.Value, n)
	kinds := map[reflect.Kind]int{}
	for i := range n {
		elems[i] = indirect(v.Index(i))
		kinds[elems[i].Kind()]++
	}
	switch elem := v.Type().Elem(); {
	case n == 0 && elem.Kind() == reflect.Struct:
		t.fields(elem)
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
		for i := range n {
			t.add(v.Index(i))
		}
	}
}

func (t *table) structs(elems []reflect.Value) {
	t.fields(elems[0].Type())
	for _, e := range elems {
		row := make([]reflect.Value, e.NumField())
		for i := range row {
			row[i] = e.Field(i)
		}
		t.add(row...)
	}
}

// fields makes the head of a struct's fields.
func (t *table) fields(typ reflect.Type) {
	for i := range typ.NumField() {
		t.head = append(t.head, fieldName(typ.Field(i).Name))
	}
}

// fieldName undoes what the interpreter does to the name of a field that is
// not exported, so that reflection may see it.
func fieldName(name string) string { return strings.TrimPrefix(name, "U_") }

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
	if len(t.rows) == 0 {
		b.WriteString("(no rows)\n")
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
