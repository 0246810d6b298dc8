package main

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
)

// diskRoom is how many bytes a folder's disk has free for this process, and in all.
func diskRoom(dir string) (free, size uint64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, 0, err
	}
	unit := uint64(s.Bsize)
	return s.Bavail * unit, s.Blocks * unit, nil
}

// residentMemory is how much memory the process has, in bytes.
func residentMemory() (float64, bool) {
	b, err := os.ReadFile("/proc/self/statm")
	fields := bytes.Fields(b)
	if err != nil || len(fields) < 2 {
		return 0, false
	}
	pages, err := strconv.ParseFloat(string(fields[1]), 64)
	return pages * float64(os.Getpagesize()), err == nil
}

// openFiles is how many files and connections the process has open.
func openFiles() (float64, bool) {
	names, err := os.ReadDir("/proc/self/fd")
	return float64(len(names)), err == nil
}

// clockSynchronised says whether the system keeps its clock by others'; known is false where it does not tell.
func clockSynchronised() (yes, known bool) {
	const unsynchronised = 5 // TIME_ERROR
	state, err := syscall.Adjtimex(new(syscall.Timex))
	return state != unsynchronised, err == nil
}

// ownedByUs says whether a file belongs to the user that the process runs as.
func ownedByUs(info os.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return !ok || int(s.Uid) == os.Geteuid()
}
