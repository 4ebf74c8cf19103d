package host

import (
	"embed"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/library"
	"interleave/engine/library/source"
)

//go:embed _overlay
var overlay embed.FS

// loader brings packages into the program: from our own source where the
// machine owns what they do, from the Go installation's source where that can
// be interpreted, and else from the symbol tables, to be called natively.
type loader struct {
	prog    *ssa.Program
	fset    *token.FileSet
	lib     *library.Library
	archive *source.Archive

	mu      sync.Mutex // a check loads packages while tasks of ended cells go on
	types   map[string]*types.Package
	checked []*pending // packages that have no SSA form yet, imports first
	created map[*types.Package]*ssa.Package
	made    int        // forms of packages from source
	order   []*pending // interpreted packages whose init has not run yet, imports first
}

// loaded gives a package that runs from source; nil: it was not loaded, or is native.
func (l *loader) loaded(p string) *types.Package {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.types[p]
}

// form gives the SSA form of a package; nil: there is none.
func (l *loader) form(pkg *types.Package) *ssa.Package {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.created[pkg]
}

func (l *loader) setForm(pkg *types.Package, form *ssa.Package) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.created[pkg] = form
}

// pending is a package on its way: checked, then created, then initialised.
type pending struct {
	pkg   *types.Package
	files []*ast.File
	info  *types.Info
	form  *ssa.Package
}

// create gives the checked packages their SSA forms. The program is not made for
// that while something is compiled: whoever calls it has the machine.
func (l *loader) create() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range l.checked {
		p.form = l.prog.CreatePackage(p.pkg, p.files, p.info, true)
		l.created[p.pkg] = p.form
		l.order = append(l.order, p)
		l.made++
	}
	l.checked = nil
}

// next takes the package that is to be initialised next; nil: there is none.
func (l *loader) next() *pending {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.order) == 0 {
		return nil
	}
	p := l.order[0]
	l.order = l.order[1:]
	return p
}

// state changes whenever a package is created or initialised.
func (l *loader) state() [2]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return [2]int{l.made, len(l.order)}
}

// all gives the packages that run from source, by path.
func (l *loader) all() map[string]*types.Package {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.types)
}

// interpreted lists the packages that run from the Go installation's source:
// generic ones, and those that call back into the learner's code.
var interpreted = []string{
	"bufio", "bytes", "cmp", "container/heap", "container/list", "container/ring", "context", "errors", "io", "iter",
	"maps", "slices", "sort", "strings", "unicode", "unicode/utf8", "unicode/utf16", "strconv", "math/bits",
	"internal/stringslite", "internal/strconv", "sync", "internal/sync", "sync/atomic", "time", "syscall", "math/rand", "math/rand/v2", "internal/chacha8rand", "internal/byteorder",
	"reflect", "fmt", "internal/fmtsort", "encoding", "encoding/json", "encoding/base64", "encoding/base32", "encoding/hex", "encoding/binary",
	"encoding/csv", "encoding/xml", "encoding/pem", "encoding/ascii85", "text/tabwriter", "text/scanner", "text/template", "text/template/parse",
	"html", "html/template", "regexp", "regexp/syntax", "log", "log/internal", "log/slog", "log/slog/internal", "log/slog/internal/buffer", "internal/oserror", "internal/filepathlite",
	"net/url", "path", "io/fs", "math/big", "flag", "index/suffixarray", "hash", "hash/fnv",
	"hash/adler32", "hash/maphash", "os", "os/signal", "os/exec", "path/filepath", "internal/selfsignal", "internal/syscall/execenv", "math/rand", "mime", "io/ioutil", "runtime/debug", "internal/syscall/unix",
	"net", "net/netip", "net/textproto", "net/http", "net/http/httptest", "net/http/httptrace", "net/http/httputil", "net/http/cookiejar",
	"net/http/internal", "net/http/internal/ascii", "net/http/internal/httpcommon", "mime/multipart", "mime/quotedprintable", "internal/nettrace",
	"crypto/tls", "crypto/rand", "unique",
	"golang.org/x/net/http/httpguts", "golang.org/x/net/http/httpproxy", "golang.org/x/net/http2/hpack", "golang.org/x/net/idna",
	"golang.org/x/sync/errgroup", "golang.org/x/sync/semaphore", "golang.org/x/sync/singleflight", "testing", "testing/synctest", "weak",
	"encoding/gob", "expvar", "net/mail", "net/smtp", "net/rpc", "net/rpc/jsonrpc", "testing/iotest", "testing/quick", "testing/fstest", "testing/slogtest", "structs",
	"go/ast", "go/token", "go/scanner", "go/parser", "go/build/constraint", "go/printer", "go/format", "go/doc", "go/doc/comment", "go/constant", "go/types", "go/version", "go/build", "go/importer",
	AsyncPath,
	ProcessPath,
}

func newInfo() *types.Info {
	return &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Scopes: map[ast.Node]*types.Scope{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
		Instances: map[*ast.Ident]types.Instance{}, FileVersions: map[*ast.File]string{},
	}
}

// Import gives a package's types; it implements types.Importer.
func (l *loader) Import(p string) (*types.Package, error) {
	if p == "unsafe" {
		return types.Unsafe, nil
	}
	if pkg := l.loaded(p); pkg != nil {
		return pkg, nil
	}
	files, err := l.files(p)
	if err != nil {
		return nil, err
	}
	if files == nil {
		return l.lib.Package(p)
	}
	info := newInfo()
	conf := types.Config{Importer: l, Sizes: types.SizesFor("gc", "amd64"), GoVersion: "go1.26", FakeImportC: true, IgnoreFuncBodies: false}
	pkg, err := conf.Check(p, l.fset, files, info)
	if err != nil {
		return nil, fmt.Errorf("host: package %s: %w", p, err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.types[p] = pkg
	l.checked = append(l.checked, &pending{pkg: pkg, files: files, info: info})
	return pkg, nil
}

// files gives the source of a package that is interpreted; nil: it is native.
func (l *loader) files(p string) ([]*ast.File, error) {
	texts := map[string][]byte{}
	if list, err := overlay.ReadDir(path.Join("_overlay", p)); err == nil {
		for _, f := range list {
			if f.IsDir() {
				continue
			}
			data, err := overlay.ReadFile(path.Join("_overlay", p, f.Name()))
			if err != nil {
				return nil, err
			}
			if f.Name() == from {
				err = l.take(texts, p, strings.Fields(string(data)))
			} else {
				texts[f.Name()] = data
			}
			if err != nil {
				return nil, err
			}
		}
	}
	if len(texts) == 0 {
		// What only interpreted packages import runs from source with them.
		if !slices.Contains(interpreted, p) && l.lib.Symbols(p) != nil {
			return nil, nil
		}
		var err error
		if texts, err = l.archive.Files(p); err != nil {
			return nil, err
		}
	}
	names := make([]string, 0, len(texts))
	for n := range texts {
		names = append(names, n)
	}
	slices.Sort(names)
	var files []*ast.File
	for _, n := range names {
		f, err := parser.ParseFile(l.fset, p+"/"+n, texts[n], parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	if p == "unicode" {
		shareTables(files)
	}
	return files, nil
}

// from is the name of an overlay's list of files that come, beside its own, from
// the Go installation.
const from = "FROM"

func (l *loader) take(texts map[string][]byte, p string, names []string) error {
	files, err := l.archive.Files(p)
	if err != nil {
		return err
	}
	for _, n := range names {
		if files[n] == nil {
			return fmt.Errorf("host: package %s has no file %s", p, n)
		}
		texts[n] = files[n]
	}
	return nil
}

// need creates the SSA form of every package that pkg imports or mentions.
func (l *loader) need(pkg *types.Package) {
	if pkg == nil || l.form(pkg) != nil {
		return
	}
	l.setForm(pkg, l.prog.CreatePackage(pkg, nil, nil, pkg.Path() != "main"))
	for _, p := range pkg.Imports() {
		l.need(p)
	}
}

// needAll does that for all objects a piece of code refers to.
func (l *loader) needAll(info *types.Info) {
	for _, obj := range info.Uses {
		l.need(obj.Pkg())
	}
	for _, sel := range info.Selections {
		l.need(sel.Obj().Pkg())
	}
}
