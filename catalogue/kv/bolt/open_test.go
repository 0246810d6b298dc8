package bolt_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"jointly/catalogue/kv"
	"jointly/catalogue/kv/bolt"
)

func TestOpenSaysWhatIsWrong(t *testing.T) {
	for name, test := range map[string]struct {
		prepare func(t *testing.T, path string) // path is where the store is to be
		want    error
		words   string
	}{
		"no folder": {
			func(t *testing.T, path string) { must(t, os.Remove(filepath.Dir(path))) },
			fs.ErrNotExist, "there is no folder",
		},
		"a folder": {
			func(t *testing.T, path string) { must(t, os.Mkdir(path, 0o700)) },
			nil, "it is not a file",
		},
		"a folder that cannot be written": {
			func(t *testing.T, path string) {
				if os.Geteuid() == 0 {
					t.Skip("root may write anywhere")
				}
				must(t, os.Chmod(filepath.Dir(path), 0o500))
			},
			fs.ErrPermission, "cannot be written",
		},
		"a file that cannot be written": {
			func(t *testing.T, path string) {
				if os.Geteuid() == 0 {
					t.Skip("root may write anywhere")
				}
				makeStore(t, path)
				must(t, os.Chmod(path, 0o400))
			},
			fs.ErrPermission, "the file cannot be read and written",
		},
		"held": {
			func(t *testing.T, path string) { openStore(t, path) },
			kv.ErrLocked, "in use by another process",
		},
		"a text": {
			func(t *testing.T, path string) {
				must(t, os.WriteFile(path, bytes.Repeat([]byte("text "), 10_000), 0o600))
			},
			kv.ErrCorrupt, "damaged",
		},
		"a short text": {
			func(t *testing.T, path string) { must(t, os.WriteFile(path, []byte("text"), 0o600)) },
			kv.ErrCorrupt, "damaged",
		},
		"zeros": {
			func(t *testing.T, path string) { must(t, os.WriteFile(path, make([]byte, 64<<10), 0o600)) },
			kv.ErrCorrupt, "damaged",
		},
		"cut off after the headers": {
			func(t *testing.T, path string) {
				makeStore(t, path)
				must(t, os.Truncate(path, 2*int64(os.Getpagesize())))
			},
			kv.ErrCorrupt, "it is cut off",
		},
		"cut off within the headers": {
			func(t *testing.T, path string) { makeStore(t, path); must(t, os.Truncate(path, 100)) },
			kv.ErrCorrupt, "damaged",
		},
		"one header damaged": {
			func(t *testing.T, path string) { makeStore(t, path); flip(t, path, int64(os.Getpagesize())+20) },
			kv.ErrCorrupt, "header at byte",
		},
		"of another program": {
			func(t *testing.T, path string) {
				db, err := bbolt.Open(path, 0o600, nil)
				must(t, err)
				must(t, db.Update(func(tx *bbolt.Tx) error {
					_, err := tx.CreateBucket([]byte("theirs"))
					return err
				}))
				must(t, db.Close())
			},
			kv.ErrCorrupt, "another program",
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "folder", "store.db")
			must(t, os.Mkdir(filepath.Dir(path), 0o700))
			test.prepare(t, path)
			before, _ := os.ReadFile(path)
			store, err := bolt.Open(path, bolt.Options{LockTimeout: 1})
			if err == nil {
				_ = store.Close()
				t.Fatal("opened")
			}
			if test.want != nil && !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.words) ||
				!strings.Contains(err.Error(), path) {
				t.Errorf("got %v", err)
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestAnEmptyFileIsANewStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	must(t, os.WriteFile(path, nil, 0o600))
	if got := rows(t, openStore(t, path)); len(got) > 0 {
		t.Errorf("holds %q", got)
	}
}

func TestTheFileIsForItsOwnerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	openStore(t, path)
	info, err := os.Stat(path)
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
}

func TestACopyHoldsOneState(t *testing.T) {
	store := openStore(t, filepath.Join(t.TempDir(), "store.db"))
	must(t, store.Update(t.Context(), putting("a", fine)))
	path := filepath.Join(t.TempDir(), "copy.db")
	file, err := os.Create(path)
	must(t, err)
	// Once the copy has begun, more is written, on both sides of what was copied.
	written := false
	_, err = store.WriteTo(writerFunc(func(p []byte) (int, error) {
		if !written {
			written = true
			must(t, store.Update(t.Context(), putting("0", fine)))
			must(t, store.Update(t.Context(), putting("b", fine)))
		}
		return file.Write(p)
	}))
	must(t, err)
	must(t, file.Close())
	if got := rows(t, openStore(t, path)); !slices.Equal(got, []string{"a="}) {
		t.Errorf("the copy holds %q", got)
	}
	if _, err := store.WriteTo(writerFunc(func([]byte) (int, error) { return 0, io.ErrShortWrite })); err == nil {
		t.Error("a writer that fails goes unnoticed")
	}
	must(t, store.Close())
	if _, err := store.WriteTo(io.Discard); !errors.Is(err, kv.ErrClosed) {
		t.Errorf("copy of a closed store: %v", err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// makeStore leaves a closed store with a few rows at path.
func makeStore(t testing.TB, path string) {
	t.Helper()
	store := openStore(t, path)
	must(t, store.Update(t.Context(), putting("a", fine)))
	must(t, store.Close())
}

// flip changes one bit of the byte at an offset.
func flip(t testing.TB, path string, at int64) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	b := make([]byte, 1)
	_, err = file.ReadAt(b, at)
	must(t, err)
	b[0] ^= 1
	_, err = file.WriteAt(b, at)
	must(t, err)
	must(t, file.Close())
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
