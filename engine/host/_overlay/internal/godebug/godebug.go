package godebug

// A Setting is a GODEBUG setting; on the machine every one has its default.
type Setting struct{ name string }

func New(name string) *Setting { return &Setting{name} }

func (s *Setting) Name() string       { return s.name }
func (s *Setting) Value() string      { return "" }
func (s *Setting) String() string     { return s.name + "=" }
func (s *Setting) IncNonDefault()     {}
func (s *Setting) Undocumented() bool { return false }
