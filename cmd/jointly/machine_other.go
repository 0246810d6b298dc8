//go:build !linux

package main

import (
	"errors"
	"os"
)

// diskRoom is not known on this system.
func diskRoom(string) (free, size uint64, err error) { return 0, 0, errors.ErrUnsupported }

// residentMemory is not known on this system.
func residentMemory() (float64, bool) { return 0, false }

// openFiles is not known on this system.
func openFiles() (float64, bool) { return 0, false }

// clockSynchronised is not known on this system.
func clockSynchronised() (yes, known bool) { return false, false }

// ownedByUs is not known on this system.
func ownedByUs(os.FileInfo) bool { return true }
