package bolt_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jointly/catalogue/kv"
	"jointly/catalogue/kv/bolt"
)

// bigStore returns the bytes of a store with a tree of several levels, long values and free pages.
func bigStore(t testing.TB) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	store := openStore(t, path)
	for batch := range 12 {
		must(t, store.Update(t.Context(), func(tx kv.Tx) error {
			for i := range 90 {
				key := kv.NewKey("row", fmt.Sprintf("%0300d", i)).Uint(uint64(batch))
				if err := tx.Put(key, make([]byte, 40*batch)); err != nil {
					return err
				}
			}
			return tx.Put(kv.NewKey("long").Uint(uint64(batch)), make([]byte, 20_000))
		}))
	}
	must(t, store.Update(t.Context(), func(tx kv.Tx) error {
		return tx.Scan(kv.NewKey("row"), nil, 90, func(key, _ []byte) error { return tx.Delete(key) })
	}))
	must(t, store.Close())
	return readPages(t, path)
}

// readPages returns the pages of a store that are in use, or were.
func readPages(t testing.TB, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	must(t, err)
	return content[:usedPages(content)*os.Getpagesize()]
}

// usedPages returns how many pages the headers say there are.
func usedPages(content []byte) int {
	const pages = 16 + 40 // where a header says it
	used := func(header int) uint64 { return binary.NativeEndian.Uint64(content[header*os.Getpagesize()+pages:]) }
	return int(max(used(0), used(1)))
}

// TestDamage flips bits, zeroes, swaps and cuts off pages at random. Whatever comes of it, the store must open and serve
// or say that it is damaged; a crash or an endless loop ends the test.
func TestDamage(t *testing.T) {
	sound := bigStore(t)
	size := os.Getpagesize()
	// Each damages a copy of the file; page is one of its pages.
	damages := map[string]func(random *rand.Rand, content, page []byte) []byte{
		"none": func(_ *rand.Rand, content, _ []byte) []byte { return content },
		"bit flipped": func(random *rand.Rand, content, page []byte) []byte {
			page[random.IntN(size)] ^= 1 << random.IntN(8)
			return content
		},
		"bit flipped in the head of a page": func(random *rand.Rand, content, page []byte) []byte {
			page[random.IntN(64)] ^= 1 << random.IntN(8)
			return content
		},
		"page zeroed": func(_ *rand.Rand, content, page []byte) []byte {
			clear(page)
			return content
		},
		"page over another": func(random *rand.Rand, content, page []byte) []byte {
			copy(page, sound[random.IntN(len(sound)/size)*size:])
			return content
		},
		"noise in a page": func(random *rand.Rand, content, page []byte) []byte {
			for i := 16; i < size; i++ {
				page[i] = byte(random.Uint32())
			}
			return content
		},
		"cut off": func(random *rand.Rand, content, _ []byte) []byte { return content[:1+random.IntN(len(content)-1)] },
	}
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 2))
			path := filepath.Join(t.TempDir(), "store.db")
			found, rounds := 0, 30
			for range rounds {
				content := bytes.Clone(sound)
				page := content[random.IntN(len(sound)/size)*size:][:size]
				must(t, os.WriteFile(path, damage(random, content, page), 0o600))
				if err := use(t, path); err != nil {
					if !errors.Is(err, kv.ErrCorrupt) {
						t.Fatalf("not called damaged: %v", err)
					}
					found++
				}
			}
			t.Logf("fault: damaged store, %s | %d files | %d refused as damaged, the others served what was written", name, rounds, found)
			if name == "none" && found > 0 {
				t.Error("a sound store is called damaged")
			}
			if (name == "page zeroed" || name == "cut off") && found < rounds/2 {
				t.Error("hardly any damage is found")
			}
		})
	}
}

// TestDamageThatWouldMisleadBbolt: each of these has bbolt recurse without end, allocate without bound, write over what is
// in use, or miss rows. They are found before it sees the file.
func TestDamageThatWouldMisleadBbolt(t *testing.T) {
	const (
		branch, leaf  = 0x01, 0x02
		head, element = 16, 16
	)
	sound := bigStore(t)
	size := os.Getpagesize()
	order := binary.NativeEndian
	// last returns the last page of a kind that is in use and has several rows.
	last := func(content []byte, kind uint16) []byte {
		var found []byte
		for page := content[2*size:]; len(page) > 0; page = page[size:] {
			id := uint64((len(content) - len(page)) / size)
			if order.Uint64(page) == id && order.Uint16(page[8:]) == kind && order.Uint16(page[10:]) > 1 && !isFree(content, id) {
				found = page[:size]
			}
		}
		if found == nil {
			t.Fatalf("no page of kind %d", kind)
		}
		return found
	}
	for name, test := range map[string]struct {
		damage func(content []byte)
		words  string
	}{
		"a branch that leads to itself": {func(content []byte) {
			page := last(content, branch)
			copy(page[head+8:][:8], page)
		}, "referred to twice"},
		"a branch that leads nowhere": {func(content []byte) {
			order.PutUint64(last(content, branch)[head+8:], 1<<40)
		}, "is referred to, of"},
		"a used page that counts as free": {func(content []byte) {
			order.PutUint64(freeList(content)[head:], order.Uint64(last(content, leaf)))
		}, "listed as free"},
		"more free pages than there are": {func(content []byte) {
			page := freeList(content)
			order.PutUint16(page[10:], 0xffff)
			order.PutUint64(page[head:], 1<<36)
		}, "more free pages than"},
		"a list of free pages that is none": {func(content []byte) {
			order.PutUint16(freeList(content)[8:], leaf)
		}, "not a list of free pages"},
		"rows out of order": {func(content []byte) {
			page := last(content, leaf)
			keyAt := head + int(order.Uint32(page[head+4:]))
			page[keyAt] = 0xff
		}, "out of order"},
		"a row that lies elsewhere": {func(content []byte) {
			order.PutUint32(last(content, leaf)[head+element+4:], 1<<30)
		}, "outside of the page"},
		"more rows than there is room for": {func(content []byte) {
			order.PutUint16(last(content, leaf)[10:], 0x7fff)
		}, "no room"},
		"a row that says it is a bucket": {func(content []byte) {
			order.PutUint32(last(content, leaf)[head:], 1)
		}, "has flags"},
		"a page that goes on for ever": {func(content []byte) {
			order.PutUint32(last(content, leaf)[12:], 0xffffffff)
		}, "beyond the end"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "store.db")
			content := bytes.Clone(sound)
			test.damage(content)
			must(t, os.WriteFile(path, content, 0o600))
			store, err := bolt.Open(path, bolt.Options{})
			if err == nil {
				_ = store.Close()
			}
			if !errors.Is(err, kv.ErrCorrupt) || !strings.Contains(err.Error(), test.words) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// freeList returns the page on which the newest commit listed the free pages.
func freeList(content []byte) []byte {
	const freelist, number = 16 + 32, 16 + 48 // where a header says which page it is, and the number of the commit
	size := os.Getpagesize()
	header := content[:size]
	if other := content[size:]; binary.NativeEndian.Uint64(other[number:]) > binary.NativeEndian.Uint64(header[number:]) {
		header = other
	}
	return content[int(binary.NativeEndian.Uint64(header[freelist:]))*size:]
}

func isFree(content []byte, id uint64) bool {
	list := freeList(content)
	for i := range int(binary.NativeEndian.Uint16(list[10:])) {
		if binary.NativeEndian.Uint64(list[16+8*i:]) == id {
			return true
		}
	}
	return false
}

// use opens a store, reads and writes.
func use(t *testing.T, path string) error {
	store, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		return err
	}
	read := store.View(t.Context(), func(tx kv.Tx) error {
		for from := []byte(nil); ; {
			n := 0
			if err := tx.Scan(nil, from, kv.MaxScan, func(key, _ []byte) error {
				n++
				from = kv.After(key)
				return nil
			}); err != nil || n == 0 {
				return err
			}
		}
	})
	written := store.Update(t.Context(), func(tx kv.Tx) error {
		for i := range 50 {
			if err := tx.Put(kv.NewKey("row", fmt.Sprintf("%0300d", i), "new"), make([]byte, 500)); err != nil {
				return err
			}
		}
		return tx.Delete(kv.NewKey("long").Uint(3))
	})
	return errors.Join(read, written, store.Close())
}

// TestDamageWhileOpen damages all pages of a store that is open: reading and writing fail, and closing works.
func TestDamageWhileOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	sound := bigStore(t)
	must(t, os.WriteFile(path, sound, 0o600))
	store, err := bolt.Open(path, bolt.Options{})
	must(t, err)

	file, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	for i := 2; i < usedPages(sound); i++ {
		_, err := file.WriteAt(bytes.Repeat([]byte{0xff}, 8), int64(i*os.Getpagesize()))
		must(t, err)
	}
	must(t, file.Close())

	put := func(tx kv.Tx) error { return tx.Put([]byte("a"), nil) }
	get := func(tx kv.Tx) error {
		_, err := tx.Get([]byte("a"))
		return err
	}
	for range 2 {
		if err := store.View(t.Context(), get); !errors.Is(err, kv.ErrCorrupt) {
			t.Errorf("view: %v", err)
		}
		if err := store.Update(t.Context(), put); !errors.Is(err, kv.ErrCorrupt) {
			t.Errorf("update: %v", err)
		}
	}
	_ = store.Close() // it may say that it cannot; it must return
}

// TestDamageMetWhileCommitting: what bbolt runs into fails for the whole group and ends all writing; reading goes on.
func TestDamageMetWhileCommitting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	must(t, os.WriteFile(path, bigStore(t), 0o600))
	store, err := bolt.Open(path, bolt.Options{})
	must(t, err)
	before := len(rows(t, store))

	content := readPages(t, path)
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	at := int64(len(content) - len(freeList(content))) // bbolt frees that page by the number in it
	_, err = file.WriteAt(make([]byte, 8), at)
	must(t, err)

	var jobs []func()
	for range 200 { // more than one group
		jobs = append(jobs, updating(t, store, kv.ErrCorrupt, putting("a", fine)))
	}
	if err := together(t, store, jobs, putting("first", fine)); !errors.Is(err, kv.ErrCorrupt) {
		t.Errorf("got %v", err)
	}
	_, err = file.WriteAt(content[at:at+8], at) // the page is sound again; what bbolt makes of it may not be
	must(t, err)
	must(t, file.Close())
	updating(t, store, kv.ErrCorrupt, putting("a", fine))()
	if got := len(rows(t, store)); got != before {
		t.Errorf("%d rows, %d before", got, before)
	}
	_ = store.Close() // it may say that it cannot; it must return
}

// TestFileCutOffWhileOpen: what lies beyond the end of the file is a fault, not a value.
func TestFileCutOffWhileOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	must(t, os.WriteFile(path, bigStore(t), 0o600))
	store, err := bolt.Open(path, bolt.Options{})
	must(t, err)
	must(t, os.Truncate(path, 2*int64(os.Getpagesize())))
	if err := store.View(t.Context(), func(tx kv.Tx) error {
		_, err := tx.Get(kv.NewKey("long").Uint(1))
		return err
	}); !errors.Is(err, kv.ErrCorrupt) {
		t.Errorf("view: %v", err)
	}
	_ = store.Close()
}

// FuzzOpen: no file makes Open crash, or the store that it returns.
func FuzzOpen(f *testing.F) {
	path := filepath.Join(f.TempDir(), "seed.db")
	makeStore(f, path)
	sound := readPages(f, path)
	f.Add(sound, uint32(0), byte(0))
	f.Add(sound, uint32(4*os.Getpagesize()+10), byte(1))
	f.Fuzz(func(t *testing.T, content []byte, at uint32, to byte) {
		if int(at) < len(content) {
			content[at] = to
		}
		path := filepath.Join(t.TempDir(), "store.db")
		must(t, os.WriteFile(path, content, 0o600))
		_ = use(t, path)
	})
}
