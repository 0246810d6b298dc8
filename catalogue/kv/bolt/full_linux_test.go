package bolt_test

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// fillDisk has every write to the file that this process holds open at path fail for want of space, until the function
// that it returns is called: the file's descriptor leads to the device that is always full.
func fillDisk(t *testing.T, path string) (room func()) {
	t.Helper()
	open := descriptor(t, path)
	kept, err := syscall.Dup(open)
	must(t, err)
	full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	must(t, err)
	must(t, syscall.Dup3(int(full.Fd()), open, syscall.O_CLOEXEC))
	must(t, full.Close())
	return func() {
		must(t, syscall.Dup3(kept, open, syscall.O_CLOEXEC))
		must(t, syscall.Close(kept))
	}
}

// descriptor returns the number of the descriptor that is open on path.
func descriptor(t *testing.T, path string) int {
	t.Helper()
	links, err := filepath.Glob("/proc/self/fd/*")
	must(t, err)
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && target == path {
			fd, err := strconv.Atoi(filepath.Base(link))
			must(t, err)
			return fd
		}
	}
	t.Fatalf("%s is not open", path)
	return 0
}
