//go:build !linux

package hardware

import "os"

// forget cannot be asked of this system without an administrator's rights.
func forget(*os.File) string { return "the system offers no way" }
