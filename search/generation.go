package search

// Generations: the folders of an index. Each build of one audience's index is a generation with a number, in a folder of
// its own; a rebuild fills the next one while the old one serves.

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
)

// Internal keys of an index, written in the same batches as documents.
const (
	keyCursor  = "cursor"  // the last change that the index holds: 8 bytes and their checksum
	keyVersion = "version" // what it was built from; there once the registers are in
	keyReady   = "ready"   // it reached the end of the feed once
	keySince   = "since"   // the last change when its build began: nothing quoted in it is older
)

// generation is one build of one audience's index.
type generation struct {
	path         string
	index        index.Index
	dictionaries [nFacets]*dictionary
	cursor       uint64 // the last change that was followed
	since        uint64 // see keySince

	mu     sync.Mutex
	blocks map[uint64]*block // by segment
	last   chan struct{}     // closed when the last batch is on the disk
}

// errInUse: another process has the index open.
var errInUse = errors.New("the search index is in use by another process")

// openGeneration opens the index in a folder, or makes it there. An index that is damaged gives an error, never a panic.
func openGeneration(path string, queue *index.AnalysisQueue) (g *generation, err error) {
	defer recoverDamage(&err)
	defer guardFaults()()
	g = &generation{path: path, blocks: map[uint64]*block{}}
	for f := range g.dictionaries {
		g.dictionaries[f] = newDictionary()
	}
	// A batch is searchable at once and on the disk a little later: what a crash takes with it, the cursor in the same
	// batch asks for again.
	g.index, err = scorch.NewScorch(scorch.Name, map[string]any{
		"path":         path,
		"unsafe_batch": true,
		"bolt_timeout": "3s",
		"scorchPersisterOptions": map[string]any{
			"PersisterNapTimeMSec":      100,
			"PersisterNapUnderNumFiles": 1000,
		},
	}, queue)
	if err != nil {
		return nil, fmt.Errorf("set up the index: %w", err)
	}
	// What a killed process was writing goes here, for no snapshot holds it; nothing merges yet, so that what is damaged is
	// found by us.
	if err := g.index.(*scorch.Scorch).OpenMeta(); err != nil {
		if err.Error() == "timeout" { // of the lock on its root file; the engine beneath is not imported for the one name
			return nil, errInUse
		}
		return nil, fmt.Errorf("open the index: %w", err)
	}
	if err := g.check(); err != nil {
		return nil, errors.Join(err, g.close())
	}
	if err := g.index.Open(); err != nil {
		return nil, fmt.Errorf("open the index: %w", err)
	}
	if g.cursor, err = g.counter(keyCursor); err == nil {
		g.since, err = g.counter(keySince)
	}
	if err != nil {
		return nil, errors.Join(err, g.close())
	}
	return g, nil
}

// recoverDamage turns a panic, or a fault in a mapped file, into an error.
func recoverDamage(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%w: %v", errDamaged, r)
	}
}

var errDamaged = errors.New("the search index is damaged")

// guardFaults makes a fault in a mapped file a panic that can be recovered, for this goroutine until undone.
func guardFaults() (undo func()) {
	before := debug.SetPanicOnFault(true)
	return func() { debug.SetPanicOnFault(before) }
}

// check compares every segment file that searches read with the checksum at its end. Others may be half written: a merge
// is under way, or was when the process died.
func (g *generation) check() (err error) {
	defer recoverDamage(&err)
	r, err := g.index.Reader()
	if err != nil {
		return err
	}
	for _, segment := range r.(*scorch.IndexSnapshot).Segments() {
		if file, ok := segment.Segment().(interface{ Path() string }); ok && err == nil {
			err = checkFile(file.Path())
		}
	}
	return errors.Join(err, r.Close())
}

func checkFile(name string) error {
	f, err := os.Open(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil // its folder was deleted: that is seen elsewhere
	}
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // it was only read
	info, err := f.Stat()
	if err != nil {
		return err
	}
	const size = 4
	if info.Size() < size {
		return fmt.Errorf("%w: %s is cut short", errDamaged, filepath.Base(name))
	}
	sum := crc32.NewIEEE()
	if _, err := io.Copy(sum, io.LimitReader(f, info.Size()-size)); err != nil {
		return err
	}
	var end [size]byte
	if _, err := io.ReadFull(f, end[:]); err != nil {
		return err
	}
	if binary.BigEndian.Uint32(end[:]) != sum.Sum32() {
		return fmt.Errorf("%w: %s is not what was written", errDamaged, filepath.Base(name))
	}
	return nil
}

// write applies a batch. The batch is searchable after publish, and on the disk after settle.
func (g *generation) write(b *index.Batch) (err error) {
	defer recoverDamage(&err)
	defer guardFaults()()
	done := make(chan struct{})
	b.SetPersistedCallback(func(error) { close(done) })
	if err := g.index.Batch(b); err != nil {
		return fmt.Errorf("write to the index: %w", err)
	}
	g.mu.Lock()
	g.last = done
	g.mu.Unlock()
	return nil
}

// settle waits until the last batch is on the disk, at most so long.
func (g *generation) settle(atMost time.Duration) {
	g.mu.Lock()
	last := g.last
	g.mu.Unlock()
	if last == nil {
		return
	}
	timer := time.NewTimer(atMost)
	defer timer.Stop()
	select {
	case <-last:
	case <-timer.C:
	}
}

func (g *generation) close() (err error) {
	defer recoverDamage(&err)
	if err := g.index.Close(); err != nil {
		return fmt.Errorf("close the index: %w", err)
	}
	return nil
}

// internal reads an internal value.
func (g *generation) internal(key string) (value string, err error) {
	defer recoverDamage(&err)
	r, err := g.index.Reader()
	if err != nil {
		return "", err
	}
	b, err := r.GetInternal([]byte(key))
	value = string(b)
	return value, errors.Join(err, r.Close())
}

// counter reads an internal number; 0 where there is none.
func (g *generation) counter(key string) (uint64, error) {
	v, err := g.internal(key)
	if err != nil {
		return 0, err
	}
	return readNumber([]byte(v))
}

func sealNumber(n uint64) []byte {
	b := binary.BigEndian.AppendUint64(nil, n)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
}

func readNumber(b []byte) (uint64, error) {
	if len(b) == 0 {
		return 0, nil
	}
	if len(b) != 12 || crc32.ChecksumIEEE(b[:8]) != binary.BigEndian.Uint32(b[8:]) {
		return 0, fmt.Errorf("%w: its cursor", errDamaged)
	}
	return binary.BigEndian.Uint64(b), nil
}

// generations lists the numbers of the generations in a folder, the newest first.
func generations(dir string) ([]int, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []int
	for _, e := range entries {
		if n, err := strconv.Atoi(e.Name()); err == nil && n > 0 && e.IsDir() {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	slices.Reverse(out)
	return out, nil
}

// number is which generation it is.
func (g *generation) number() int {
	n, err := strconv.Atoi(filepath.Base(g.path))
	if err != nil {
		return 0
	}
	return n
}

func generationPath(dir string, n int) string { return filepath.Join(dir, fmt.Sprintf("%06d", n)) }

// asideSuffix marks a damaged generation that was moved out of the way, for somebody to look at.
const asideSuffix = "damaged"

// moveAside keeps one damaged generation, the latest.
func moveAside(path string) error {
	aside := filepath.Join(filepath.Dir(path), asideSuffix)
	if err := os.RemoveAll(aside); err != nil {
		return err
	}
	if err := os.Rename(path, aside); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// sameMapping says that two versions differ in the facts alone, so that rows of the one can be read by the other.
func sameMapping(a, b string) bool {
	a, _, _ = strings.Cut(a, " ")
	b, _, _ = strings.Cut(b, " ")
	return a == b
}
