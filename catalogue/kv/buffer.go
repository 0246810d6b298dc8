// Buffer: the part of a transaction that is the same on every engine.

package kv

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
)

// Buffer is a transaction held in memory over another one. It keeps the limits, answers reads from its own writes first,
// and hands the writes down with Flush when they are wanted, so that a function which fails leaves nothing behind.
// Engines give a Buffer to the functions that they are given; the transaction beneath only has to read and write, and
// its Scan may be asked for more than MaxScan rows and returns Stop as it is.
type Buffer struct {
	ctx      context.Context
	beneath  Tx
	writable bool
	layer    bool // gathers transactions for an engine: takes any key and any number of them, and hands Stop on
	ended    bool
	writes   map[string]write
	size     int
	refused  error
}

type write struct {
	value   []byte
	deleted bool
}

// NewBuffer returns a transaction over the one beneath. Its reads fail once ctx has ended.
func NewBuffer(ctx context.Context, beneath Tx) *Buffer {
	return &Buffer{ctx: ctx, beneath: beneath, writable: true}
}

// NewReader returns a transaction over the one beneath that refuses writes.
func NewReader(ctx context.Context, beneath Tx) *Buffer {
	return &Buffer{ctx: ctx, beneath: beneath}
}

// NewLayer returns a buffer over the one beneath that other buffers stand on, one after the other, and flush into: what
// an engine commits together. It takes any key, the store's own too, without a limit.
func NewLayer(ctx context.Context, beneath Tx) *Buffer {
	return &Buffer{ctx: ctx, beneath: beneath, writable: true, layer: true}
}

// Get implements Tx.
func (b *Buffer) Get(key []byte) ([]byte, error) {
	if err := b.usable(); err != nil {
		return nil, err
	}
	if w, ok := b.writes[string(key)]; ok {
		return bytes.Clone(w.value), nil
	}
	return b.beneath.Get(key)
}

// Scan implements Tx.
func (b *Buffer) Scan(prefix, from []byte, limit int, fn func(key, value []byte) error) error {
	if err := b.usable(); err != nil {
		return err
	}
	if limit < 1 {
		return fmt.Errorf("scan of %d rows: %w", limit, ErrInvalid)
	}
	if limit > MaxScan && !b.layer {
		return fmt.Errorf("scan of %d rows, at most %d: %w", limit, MaxScan, ErrTooLarge)
	}
	if bytes.Compare(from, prefix) < 0 {
		from = prefix
	}
	if bytes.Compare(from, firstKey()) < 0 {
		from = firstKey()
	}

	own := b.within(prefix, from)
	deleted := 0
	for _, key := range own {
		if b.writes[key].deleted {
			deleted++
		}
	}
	left := limit
	emit := func(key, value []byte) error {
		if err := fn(key, value); err != nil {
			return err
		}
		if left--; left == 0 {
			return Stop
		}
		return nil
	}
	emitOwn := func() error {
		key := own[0]
		own = own[1:]
		if w := b.writes[key]; !w.deleted {
			return emit([]byte(key), bytes.Clone(w.value))
		}
		return nil
	}

	// Each deleted key hides at most one row beneath, so limit+deleted rows are enough.
	err := b.beneath.Scan(prefix, from, limit+deleted, func(key, value []byte) error {
		for len(own) > 0 && own[0] < string(key) {
			if err := emitOwn(); err != nil {
				return err
			}
		}
		if len(own) > 0 && own[0] == string(key) {
			return emitOwn()
		}
		return emit(key, value)
	})
	for err == nil && len(own) > 0 {
		err = emitOwn()
	}
	if errors.Is(err, Stop) && !b.layer {
		return nil
	}
	return err
}

// within returns the keys written so far that a scan would meet, in order.
func (b *Buffer) within(prefix, from []byte) []string {
	var keys []string
	for key := range b.writes {
		if strings.HasPrefix(key, string(prefix)) && key >= string(from) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// Put implements Tx.
func (b *Buffer) Put(key, value []byte) error {
	return b.write(key, write{value: append([]byte{}, value...)})
}

// Delete implements Tx.
func (b *Buffer) Delete(key []byte) error {
	return b.write(key, write{deleted: true})
}

func (b *Buffer) write(key []byte, w write) error {
	if (len(key) == 0 || key[0] < firstKey()[0]) && !b.layer {
		return b.refuse(fmt.Errorf("key %q: %w", key, ErrInvalid))
	}
	return b.record(key, w)
}

// record takes a write to any key, the store's own included.
func (b *Buffer) record(key []byte, w write) error {
	if err := b.usable(); err != nil {
		return b.refuse(err)
	}
	if !b.writable {
		return ErrReadOnly
	}
	size := b.size + len(w.value)
	old, again := b.writes[string(key)]
	if again {
		size -= len(old.value)
	} else {
		size += len(key)
	}
	switch {
	case b.layer:
	case len(key) > MaxKey:
		return b.refuse(fmt.Errorf("key of %d bytes, at most %d: %w", len(key), MaxKey, ErrTooLarge))
	case len(w.value) > MaxValue:
		return b.refuse(fmt.Errorf("value of %d bytes, at most %d: %w", len(w.value), MaxValue, ErrTooLarge))
	case !again && len(b.writes) == MaxWrites:
		return b.refuse(fmt.Errorf("transaction of more than %d keys: %w", MaxWrites, ErrTooLarge))
	case size > MaxBytes:
		return b.refuse(fmt.Errorf("transaction of more than %d bytes: %w", MaxBytes, ErrTooLarge))
	}
	if b.writes == nil {
		b.writes = make(map[string]write)
	}
	b.writes[string(key)] = w
	b.size = size
	return nil
}

// refuse remembers the first refusal, which the transaction ends with.
func (b *Buffer) refuse(err error) error {
	if b.refused == nil && b.writable {
		b.refused = err
	}
	return err
}

// Err returns the refusal that keeps the transaction from committing, nil if there is none.
func (b *Buffer) Err() error {
	return b.refused
}

// Size returns how many bytes of keys and values wait to be flushed. It is zero exactly if nothing was written.
func (b *Buffer) Size() int {
	return b.size
}

// Flush hands the writes down in order of key.
func (b *Buffer) Flush() error {
	for _, key := range slices.Sorted(maps.Keys(b.writes)) {
		var err error
		if w := b.writes[key]; w.deleted {
			err = b.beneath.Delete([]byte(key))
		} else {
			err = b.beneath.Put([]byte(key), w.value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Writes yields what was put and deleted (value nil), in order of key.
func (b *Buffer) Writes() iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		for _, key := range slices.Sorted(maps.Keys(b.writes)) {
			if !yield([]byte(key), b.writes[key].value) {
				return
			}
		}
	}
}

// Len returns how many keys were put and deleted.
func (b *Buffer) Len() int {
	return len(b.writes)
}

// End makes every later use of the transaction fail with ErrEnded.
func (b *Buffer) End() {
	b.ended = true
}

func (b *Buffer) usable() error {
	if b.ended {
		return ErrEnded
	}
	return b.ctx.Err()
}

// firstKey is the least key that may be written from outside; those that begin with a zero byte are the store's own.
func firstKey() []byte {
	return []byte{0x01}
}
