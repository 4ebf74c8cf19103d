package library

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

func (l *Library) missing(path string) error {
	if why, ok := genericOnly[path]; ok {
		return fmt.Errorf("package %s is not available on this evaluator yet: %s; %%evaluator machine has it", path, why)
	}
	if strings.HasPrefix(path, groups) && slices.Contains(ofGroups, path[len(groups):]) {
		return fmt.Errorf("package %s is not available on this evaluator: %%evaluator machine has it", path)
	}
	if path == "C" {
		return errors.New("cells cannot call C: a program that does can be built with go build, and run with os/exec")
	}
	if first, _, _ := strings.Cut(path, "/"); strings.Contains(first, ".") {
		hint := ""
		if near := l.nearest(path); near != "" {
			hint = fmt.Sprintf(" (did you mean %q?)", near)
		}
		return fmt.Errorf("package %s is not available: cells can import the standard library, and %s of %s%s",
			path, strings.Join(ofGroups, ", "), strings.TrimSuffix(groups, "/"), hint)
	}
	if why, ok := compiledOnly[path]; ok {
		return fmt.Errorf("package %s is not available in cells: %s", path, why)
	}
	if near := l.nearest(path); near != "" {
		return fmt.Errorf("package %s is not in std (did you mean %q?)", path, near)
	}
	return fmt.Errorf("package %s is not in std", path)
}

// Of a module besides the standard library the machine has these packages.
const groups = "golang.org/x/sync/"

var ofGroups = []string{"errgroup", "semaphore", "singleflight"}

// nearest finds the package whose path ends in the same name, where it is the only one.
func (l *Library) nearest(p string) string {
	if paths := l.byName[path.Base(p)]; len(paths) == 1 {
		return paths[0]
	}
	return ""
}

// genericOnly says why some packages of the standard library are absent and what to do instead.
var genericOnly = map[string]string{
	"slices":           "its functions are generic; write the loop, or use package sort",
	"maps":             "its functions are generic; write the loop over the map",
	"iter":             "its types are generic; use func(yield func(V) bool)",
	"cmp":              "its functions are generic; compare with < and >",
	"unique":           "its functions are generic",
	"weak":             "its types are generic",
	"testing/synctest": "it needs a scheduler of its own",
	"interleave/async": "its event loop is the machine's",
	"structs":          "it only matters for calling C",
}

// compiledOnly says of packages of the standard library that the tables do not hold and
// whose source is not interpreted what to do instead, or why.
var compiledOnly = map[string]string{
	"crypto/fips140":         "it tells how a program was built",
	"crypto/hkdf":            "its steps are a few lines with crypto/hmac",
	"crypto/hpke":            "crypto/ecdh and crypto/cipher are",
	"crypto/mlkem":           "crypto/ecdh is",
	"crypto/mlkem/mlkemtest": "crypto/ecdh is",
	"crypto/pbkdf2":          "its steps are a few lines with crypto/hmac",
	"crypto/sha3":            "crypto/sha256 and crypto/sha512 are",
	"embed":                  "read the file while the cell runs, with os.ReadFile",
	"plugin":                 "cells cannot load compiled code",
	"runtime/cgo":            "cells cannot call C",
	"runtime/coverage":       "it belongs to programs that go build -cover makes",
	"runtime/race":           "it belongs to programs that go build -race makes",
	"testing/cryptotest":     "it belongs to go test",
	"time/tzdata":            "time.LoadLocation reads the time zones of this computer",
}

// Absent says whether a package of the library lacks a name that the standard
// library has, because it is generic or an iterator: nothing that a symbol table can hold.
func (l *Library) Absent(path, name string) bool {
	return absent[path+"."+name] && !l.symbols[path][name].IsValid()
}

var absent = map[string]bool{
	"bytes.FieldsFuncSeq": true, "bytes.FieldsSeq": true, "bytes.Lines": true, "bytes.SplitAfterSeq": true, "bytes.SplitSeq": true,
	"strings.FieldsFuncSeq": true, "strings.FieldsSeq": true, "strings.Lines": true, "strings.SplitAfterSeq": true, "strings.SplitSeq": true,
	"database/sql.Null": true, "errors.AsType": true, "hash/maphash.Comparable": true, "hash/maphash.WriteComparable": true,
	"math/rand/v2.N": true, "reflect.TypeAssert": true, "reflect.TypeFor": true, "runtime.AddCleanup": true,
	"sync.OnceValue": true, "sync.OnceValues": true, "sync/atomic.Pointer": true,
}

// Nowhere says whether Go has a name that no evaluator does: it is newer than the tables
// and belongs to a package that is not interpreted, or needs what cells do not have.
func (l *Library) Nowhere(path, name string) bool {
	return strings.Contains(nowhere[path], " "+name+" ")
}

var nowhere = map[string]string{
	"archive/tar":   " FileInfoNames ",
	"crypto":        " Decapsulator Encapsulator MessageSigner SignMessage ",
	"crypto/cipher": " NewGCMWithRandomNonce ",
	"crypto/ecdh":   " KeyExchanger ",
	"crypto/ecdsa":  " ParseRawPrivateKey ParseUncompressedPublicKey ",
	"crypto/rsa":    " EncryptOAEPWithOptions ",
	"crypto/subtle": " WithDataIndependentTiming ",
	"crypto/x509":   " NoValidChains OIDFromASN1OID ParseOID PolicyMapping ",
	"os":            " ErrNoHandle OpenInRoot OpenRoot Root ",
	"runtime/debug": " CrashOptions SetCrashOutput ",
	"runtime/trace": " FlightRecorder FlightRecorderConfig NewFlightRecorder ",
}

// Unavailable gives the error of importing the package that a name stands for, where
// Go has one that cells do not; nil: there is none, or several.
func (l *Library) Unavailable(name string) (err error) {
	for p := range compiledOnly {
		if path.Base(p) == name {
			if err != nil {
				return nil
			}
			err = l.missing(p)
		}
	}
	return err
}
