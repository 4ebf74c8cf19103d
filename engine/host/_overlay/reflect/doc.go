// Package reflect is Go's reflect over the machine's own types.
//
// A type is the host's descriptor itself: *rtype points to it, and the fields of
// rtype lie where the host keeps them. A Value is a type, an address and flags,
// as memory has the layout that compiled Go gives it. What only the host knows
// (names, methods, new types, maps, channels, calls) is in natives.go.
package reflect
