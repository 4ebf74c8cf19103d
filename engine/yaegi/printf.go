package yaegi

import (
	"strconv"
	"strings"
)

// formatted prepares format and arguments for package fmt, which answers the
// verbs T and p before it asks the value: where they meet a box, T becomes s
// and the type's name is the argument.
func (ev *Evaluator) formatted(format string, args []any) (string, []any) {
	var out strings.Builder
	result := args
	replace := func(n int, x any) {
		if len(result) == len(args) {
			result = append([]any{}, args...)
		}
		result = append(result, x)
		_ = n
	}
	next, explicit := 0, false
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			out.WriteByte(format[i])
			continue
		}
		start := i
		flags := ""
		for i++; i < len(format) && strings.IndexByte("+-# 0123456789.*[]", format[i]) >= 0; i++ {
			switch format[i] {
			case '*':
				next++
			case '[':
				if end := strings.IndexByte(format[i:], ']'); end > 0 {
					if k, err := strconv.Atoi(format[i+1 : i+end]); err == nil {
						next = k - 1
					}
					i += end
					continue
				}
			}
			flags += format[i : i+1]
		}
		if i >= len(format) {
			out.WriteString(format[start:])
			break
		}
		if format[i] == '%' {
			out.WriteString(format[start : i+1])
			continue
		}
		if n := next; (format[i] == 'T' || format[i] == 'p') && n < len(args) && !strings.Contains(flags, "*") {
			if b, ok := asBox(args[n]); ok {
				verb, x := "s", any(ev.typeString(b.t.typ))
				if format[i] == 'p' {
					verb, x = "p", b.v
				}
				replace(n, x)
				out.WriteString("%" + flags + "[" + strconv.Itoa(len(result)) + "]" + verb)
				next, explicit = n+1, true
				continue
			}
		}
		if explicit && next < len(args) && !strings.Contains(format[start:i], "[") && !strings.Contains(flags, "*") {
			out.WriteString("%" + flags + "[" + strconv.Itoa(next+1) + "]" + format[i:i+1])
		} else {
			out.WriteString(format[start : i+1])
		}
		next++
	}
	return out.String(), result
}
