package bytecode

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// Op is an instruction of the stack machine.
type Op uint8

// The instructions, in CPython's names.
const (
	LoadConst    Op = iota // push a number
	LoadGlobal             // push what a name of the setup refers to
	LoadFast               // push what a name of the thread refers to
	StoreGlobal            // let a name refer to what is on top
	StoreFast              //
	DeleteGlobal           // forget a name
	DeleteFast             //
	Add                    // BINARY_OP (+): the two on top become their sum
	Subtract               //
	CallObject             // CALL of object(): a new object, with a count of 1
	EnterWith              // BEFORE_WITH: take a lock
	ExitWith               // WITH_EXIT: give it back
)

var opNames = [...]string{
	"LOAD_CONST", "LOAD_GLOBAL", "LOAD_FAST", "STORE_GLOBAL", "STORE_FAST", "DELETE_GLOBAL", "DELETE_FAST",
	"BINARY_OP (+)", "BINARY_OP (-)", "CALL object()", "BEFORE_WITH", "WITH_EXIT",
}

func (o Op) String() string { return opNames[o] }

// Cost is how long an instruction takes, in virtual ns: of the order of CPython's own.
func (o Op) Cost() int64 {
	switch o {
	case LoadConst:
		return 25
	case LoadGlobal, LoadFast:
		return 40
	case Add, Subtract:
		return 75
	case CallObject, EnterWith, ExitWith:
		return 120
	}
	return 45
}

// Ins is one instruction.
type Ins struct {
	Op   Op
	Name string // of a variable
	N    int64  // of a constant
	Line int    // of the source, from 1
}

func (i Ins) String() string {
	switch i.Op {
	case LoadConst:
		return fmt.Sprintf("%s %d", i.Op, i.N)
	case Add, Subtract, CallObject:
		return i.Op.String()
	}
	return i.Op.String() + " " + i.Name
}

// Code is a compiled piece of source.
type Code struct {
	Lines []string
	Ins   []Ins
}

// compiler knows which names are global.
type compiler struct {
	global map[string]bool
	code   Code
	line   int
	last   int // the last line with a statement
}

// compile reads statements, one a line:
//
//	x = 0          o = object()          lock = threading.Lock()
//	x = x + 1      x += 1                del a
//	with lock:
//	    x += 1
//
// global says which names are the setup's; nil: this is the setup, and all are.
func compile(source string, global map[string]bool) (Code, error) {
	c := &compiler{global: global}
	type block struct {
		indent int
		lock   string
	}
	var open []block
	indent, opened := 0, false
	for n, text := range strings.Split(strings.Trim(source, "\n"), "\n") {
		text, _, _ = strings.Cut(text, "#")
		text = strings.TrimRight(strings.ReplaceAll(text, "\t", "    "), " ")
		c.code.Lines = append(c.code.Lines, text)
		c.line = n + 1
		if text == "" {
			continue
		}
		at := len(text) - len(strings.TrimLeft(text, " "))
		switch {
		case opened && at <= indent:
			return c.code, c.wrong("nothing is indented below the line before")
		case !opened && at > indent:
			return c.code, c.wrong("unexpected indent")
		}
		for !opened && at < indent {
			last := open[len(open)-1]
			if at > last.indent {
				return c.code, c.wrong("the indent fits no line above")
			}
			open, indent = open[:len(open)-1], last.indent
			c.leave(last.lock)
		}
		if opened {
			indent, opened = at, false
		}
		c.last = c.line
		stmt := strings.TrimSpace(text)
		if rest, ok := strings.CutPrefix(stmt, "with "); ok {
			lock, colon := strings.CutSuffix(strings.TrimSpace(rest), ":")
			lock = strings.TrimSpace(lock)
			if !colon || !isName(lock) {
				return c.code, c.wrong("want \"with NAME:\"")
			}
			c.emit(Ins{Op: EnterWith, Name: lock})
			open, opened = append(open, block{at, lock}), true
			continue
		}
		if err := c.statement(stmt); err != nil {
			return c.code, err
		}
	}
	if opened {
		return c.code, c.wrong("nothing is indented below it")
	}
	for i := len(open) - 1; i >= 0; i-- {
		c.leave(open[i].lock)
	}
	return c.code, nil
}

func (c *compiler) wrong(what string) error {
	return fmt.Errorf("line %d, %q: %s", c.line, strings.TrimSpace(c.code.Lines[c.line-1]), what)
}

func (c *compiler) emit(i Ins) {
	i.Line = c.line
	c.code.Ins = append(c.code.Ins, i)
}

// leave ends a with statement after its last line.
func (c *compiler) leave(lock string) {
	c.code.Ins = append(c.code.Ins, Ins{Op: ExitWith, Name: lock, Line: c.last})
}

// pick is one instruction for a name of the setup, another for one of the thread.
func (c *compiler) pick(name string, global, fast Op) Ins {
	if c.global == nil || c.global[name] {
		return Ins{Op: global, Name: name}
	}
	return Ins{Op: fast, Name: name}
}

func (c *compiler) statement(s string) error {
	if s == "pass" {
		return nil
	}
	if name, ok := strings.CutPrefix(s, "del "); ok {
		if name = strings.TrimSpace(name); !isName(name) {
			return c.wrong("want a name to delete")
		}
		c.emit(c.pick(name, DeleteGlobal, DeleteFast))
		return nil
	}
	for _, o := range []struct {
		text string
		op   Op
	}{{"+=", Add}, {"-=", Subtract}} {
		name, expr, ok := strings.Cut(s, o.text)
		if !ok {
			continue
		}
		if name = strings.TrimSpace(name); !isName(name) {
			return c.wrong("want a name before " + o.text)
		}
		c.emit(c.pick(name, LoadGlobal, LoadFast))
		if err := c.expression(expr); err != nil {
			return err
		}
		c.emit(Ins{Op: o.op})
		c.emit(c.pick(name, StoreGlobal, StoreFast))
		return nil
	}
	name, expr, ok := strings.Cut(s, "=")
	if name = strings.TrimSpace(name); !ok || !isName(name) {
		return c.wrong("want an assignment, del, with or pass")
	}
	if strings.TrimSpace(expr) == "threading.Lock()" {
		if c.global != nil {
			return c.wrong("a lock of one thread alone: make it in the setup")
		}
		return nil // locks are there when they are used
	}
	if err := c.expression(expr); err != nil {
		return err
	}
	c.emit(c.pick(name, StoreGlobal, StoreFast))
	return nil
}

// expression compiles terms that are added and subtracted.
func (c *compiler) expression(s string) error {
	s = strings.TrimSpace(s)
	first := true
	op := Add
	for {
		end := strings.IndexAny(s, "+-")
		term := s
		if end >= 0 {
			term = s[:end]
		}
		if err := c.term(strings.TrimSpace(term)); err != nil {
			return err
		}
		if !first {
			c.emit(Ins{Op: op})
		}
		if end < 0 {
			return nil
		}
		first, op = false, Add
		if s[end] == '-' {
			op = Subtract
		}
		s = s[end+1:]
	}
}

func (c *compiler) term(s string) error {
	switch {
	case s == "object()":
		c.emit(Ins{Op: CallObject})
	case isName(s):
		c.emit(c.pick(s, LoadGlobal, LoadFast))
	default:
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return c.wrong(fmt.Sprintf("%q: want a number, a name or object()", s))
		}
		c.emit(Ins{Op: LoadConst, N: n})
	}
	return nil
}

var keywords = map[string]bool{"for": true, "while": true, "if": true, "def": true, "class": true, "import": true, "global": true, "return": true, "with": true, "del": true, "pass": true, "not": true, "and": true, "or": true, "in": true, "is": true, "lambda": true}

func isName(s string) bool {
	for i, r := range s {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return s != "" && !keywords[s]
}
