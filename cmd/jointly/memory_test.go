package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// memory is what a process has, in bytes.
type memory struct {
	Resident uint64 // now
	Own      uint64 // of it what lies in no file: the pages of files go when others need the room
	Peak     uint64 // the most that was ever resident
	Heap     uint64 // of Go: what is in use, and what waits to be collected; 0: not asked for
}

// memoryNow reads what the system tells of a process; all zero where it does not tell it in files.
func memoryNow(pid int) (m memory, err error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if os.IsNotExist(err) {
		return m, nil
	}
	for line := range bytes.Lines(b) {
		fields := strings.Fields(string(line))
		if len(fields) != 3 {
			continue
		}
		n, e := strconv.ParseUint(fields[1], 10, 64)
		switch to, ok := map[string]*uint64{"VmRSS:": &m.Resident, "RssAnon:": &m.Own, "VmHWM:": &m.Peak}[fields[0]]; {
		case !ok:
		case e != nil:
			return m, e
		default:
			*to = n << 10
		}
	}
	return m, err
}

func (m memory) String() string {
	return fmt.Sprintf("%s resident (%s of it in no file), peak %s, heap %s", size(m.Resident), size(m.Own), size(m.Peak), size(m.Heap))
}

// size is a number of bytes for people.
func size(n uint64) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f MB", float64(n)/(1<<20))
}

// sizeOf is the size of a file, or of all files of a folder.
func sizeOf(path string) (n uint64, err error) {
	err = filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
		if os.IsNotExist(err) { // it was merged away meanwhile
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		if info, err := d.Info(); err == nil {
			n += uint64(info.Size())
		}
		return nil
	})
	return n, err
}

// gauges are the metrics of a running service by name, labels included.
func gauges(address string) (map[string]float64, error) {
	r, err := http.Get(address + "/metrics")
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Body.Close() }() // it was only read
	var b bytes.Buffer
	if _, err := b.ReadFrom(r.Body); err != nil {
		return nil, err
	}
	out := map[string]float64{}
	for line := range strings.Lines(b.String()) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), " ")
		if n, err := strconv.ParseFloat(value, 64); ok && err == nil {
			out[name] = n
		}
	}
	return out, nil
}
