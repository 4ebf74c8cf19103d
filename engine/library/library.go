package library

import (
	"fmt"
	"go/token"
	"go/types"
	"path"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// Library is the set of packages that cells can import. It is safe for
// concurrent use.
type Library struct {
	symbols map[string]map[string]reflect.Value // by import path
	names   map[string]string                   // import path → package name
	byName  map[string][]string                 // package name → import paths, sorted

	mu     sync.Mutex
	pkgs   map[string]*types.Package // every package that some type belongs to
	filled map[string]bool           // those whose scope is filled
	types  map[reflect.Type]types.Type
	opaque map[reflect.Type]types.Type
	sealed map[string][]reflect.Type // by path: interfaces with unexported methods
	queue  []func()                  // methods to add, once the types they mention exist

	override  map[string]func() (*types.Package, error) // packages that come from elsewhere
	reflected map[*types.TypeName]reflect.Type
	wrappers  map[string]reflect.Type // by the full name of the interface
}

// New makes a library of symbol tables in yaegi's format. Of several tables
// that hold the same name of a package, the last wins.
func New(tables ...map[string]map[string]reflect.Value) *Library {
	l := &Library{
		symbols: map[string]map[string]reflect.Value{},
		names:   map[string]string{},
		byName:  map[string][]string{},
		pkgs:    map[string]*types.Package{},
		filled:  map[string]bool{},
		types:   map[reflect.Type]types.Type{},
		opaque:  map[reflect.Type]types.Type{},
		sealed:  map[string][]reflect.Type{},

		override:  map[string]func() (*types.Package, error){},
		reflected: map[*types.TypeName]reflect.Type{},
		wrappers:  map[string]reflect.Type{},
	}
	for _, table := range tables {
		for key, symbols := range table {
			dir, name := path.Split(key)
			dir = strings.TrimSuffix(dir, "/")
			if dir == "" || strings.HasPrefix(dir, "github.com/traefik/yaegi") {
				continue
			}
			if l.symbols[dir] == nil {
				l.symbols[dir] = map[string]reflect.Value{}
			}
			l.names[dir] = name
			for n, v := range symbols {
				// A leading underscore marks yaegi's wrappers, not the package's own names.
				if token.IsExported(n) {
					l.symbols[dir][n] = v
				} else if wrapped, ok := strings.CutPrefix(n, "_"); ok {
					l.wrappers[dir+"."+wrapped] = v.Type().Elem()
				}
			}
		}
	}
	for dir, symbols := range l.symbols {
		if len(symbols) == 0 { // generic functions only: nothing that reflection can carry
			delete(l.symbols, dir)
			continue
		}
		l.byName[l.names[dir]] = append(l.byName[l.names[dir]], dir)
	}
	l.byName["unsafe"] = []string{"unsafe"}
	for _, paths := range l.byName {
		slices.Sort(paths)
	}
	return l
}

// Paths lists the import paths there are, sorted.
func (l *Library) Paths() []string {
	paths := []string{"unsafe"}
	for p := range l.symbols {
		if p != "unsafe" {
			paths = append(paths, p)
		}
	}
	slices.Sort(paths)
	return paths
}

// ByName lists the import paths of the packages of that name, sorted: one for
// "fmt", two for "rand", none for "nosuch".
func (l *Library) ByName(name string) []string { return l.byName[name] }

// Symbols gives the native values of a package's exported names; nil where
// there is no such package. Types are nil pointers to them, variables are
// addressable, untyped constants are constant.Value.
func (l *Library) Symbols(path string) map[string]reflect.Value { return l.symbols[path] }

// Import implements types.Importer.
func (l *Library) Import(path string) (*types.Package, error) { return l.Package(path) }

// Package gives the types of one package. The error, for a package that is not
// there, says what to do.
func (l *Library) Package(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if slices.Contains(strings.Split(path, "/"), "internal") {
		return nil, fmt.Errorf("use of internal package %s not allowed", path)
	}
	if from := l.override[path]; from != nil {
		return from()
	}
	if l.symbols[path] == nil {
		return nil, l.missing(path)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fill(path), nil
}

// fill builds a package's scope. l.mu is held.
func (l *Library) fill(path string) *types.Package {
	pkg := l.pkg(path, l.names[path])
	if l.filled[path] {
		return pkg
	}
	l.filled[path] = true
	names := make([]string, 0, len(l.symbols[path]))
	for n := range l.symbols[path] {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		pkg.Scope().Insert(l.object(pkg, n, l.symbols[path][n]))
	}
	l.drain()
	pkg.MarkComplete()
	return pkg
}

// pkg gives the package of a path, with an empty scope where it is new. Types
// mention packages that nobody imports, internal ones included.
func (l *Library) pkg(p, name string) *types.Package {
	if pkg := l.pkgs[p]; pkg != nil {
		return pkg
	}
	if name == "" {
		if name = l.names[p]; name == "" {
			name = path.Base(p)
		}
	}
	pkg := types.NewPackage(p, name)
	l.pkgs[p] = pkg
	return pkg
}

// Override makes a package come from elsewhere: types of the tables that
// mention its types then mean those.
func (l *Library) Override(path string, from func() (*types.Package, error)) {
	name := l.names[path]
	if name == "" {
		name = pathBase(path)
	}
	if l.symbols[path] == nil {
		l.symbols[path] = map[string]reflect.Value{}
	}
	l.names[path] = name
	if !slices.Contains(l.byName[name], path) && !strings.HasPrefix(path, "internal/") {
		l.byName[name] = append(l.byName[name], path)
		slices.Sort(l.byName[name])
	}
	l.override[path] = from
}

func pathBase(p string) string {
	b := path.Base(p)
	if b == "v2" {
		b = path.Base(path.Dir(p))
	}
	return b
}

// Reflected gives the reflected form of a named type of the tables, or nil.
func (l *Library) Reflected(t *types.Named) reflect.Type { return l.reflected[t.Obj()] }

// TypeOf gives the type that stands for a reflected one.
func (l *Library) TypeOf(t reflect.Type) types.Type {
	l.mu.Lock()
	defer l.mu.Unlock()
	typ := l.typ(t)
	l.drain()
	return typ
}

// Wrapper gives the table's implementation of a named interface by functions: a
// struct that has, for each method M, a field WM, and IValue for the value that
// it stands for. Nil: the tables have none.
func (l *Library) Wrapper(iface reflect.Type) reflect.Type {
	return l.wrappers[iface.PkgPath()+"."+iface.Name()]
}
