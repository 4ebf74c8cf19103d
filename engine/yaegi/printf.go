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
	replace := func(x any) {
		if len(result) == len(args) {
			result = append([]any{}, args...)
		}
		result = append(result, x)
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
			if name := runtimeName(args[n]); name != "" && format[i] == 'T' {
				replace(name)
				out.WriteString("%" + flags + "[" + strconv.Itoa(len(result)) + "]s")
				next, explicit = n+1, true
				continue
			}
			if b, ok := asBox(args[n]); ok {
				verb, x := "s", any(ev.typeString(b.t.typ))
				if format[i] == 'p' {
					verb, x = "p", b.v
				}
				replace(x)
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

// runtimeName is the type that an error of ours has in compiled Go.
func runtimeName(x any) string {
	switch x.(type) {
	case assertionError:
		return "*runtime.TypeAssertionError"
	case plainError:
		return "runtime.plainError"
	case runtimeError:
		return "runtime.errorString"
	case *Mutex:
		return "*sync.Mutex"
	case *RWMutex:
		return "*sync.RWMutex"
	case *WaitGroup:
		return "*sync.WaitGroup"
	case *stream, *input:
		return "*os.File"
	}
	return ""
}
