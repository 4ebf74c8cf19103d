package time

import "syscall"

var errNoFile error = syscall.ENOENT
