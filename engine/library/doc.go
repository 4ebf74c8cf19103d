// Package library gives Go's standard library, as compiled into this binary,
// to the type checker.
//
// In goes a set of symbol tables in yaegi's format: "net/url/url" → name →
// reflect.Value. Out come *types.Package values, each built when it is first
// asked for, that say the same as the compiler's own export data as far as
// reflection can see:
//
//	symbol tables ──► Library ──► Package("fmt") ──► go/types
//	                     │
//	                     ├─ convert.go    reflect.Type → types.Type, with identity
//	                     ├─ named.go      defined types: fields, methods, sealed interfaces
//	                     └─ constants.go  typed and untyped constants
//
// What reflection cannot see is honestly missing: parameter names, and generic
// functions and types. Unexported fields keep their names, sizes and whether they can
// be compared, but their types are opaque.
package library
