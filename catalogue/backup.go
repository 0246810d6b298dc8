package catalogue

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"jointly/catalogue/kv"
)

// BackupInfo describes a backup: it stands in its first line.
type BackupInfo struct {
	Format    string    `json:"format"`
	Made      time.Time `json:"made"`
	Seq       uint64    `json:"seq"`        // of the last change in it
	Audit     uint64    `json:"audit"`      // number of the last audit event
	AuditHash string    `json:"audit_hash"` // its hash: what a later catalogue must still hold
}

// backupFormat names the file's layout: a line of JSON, then each row as length and bytes of key and value (lengths as
// 4 bytes, big-endian), a key length of 0, then the SHA-256 of all before it.
const backupFormat = "jointly backup 1"

// Backup writes the whole catalogue as of one revision, while it goes on serving. Sessions and sign-in codes stay out.
func (c *Catalogue) Backup(ctx context.Context, w io.Writer) (BackupInfo, error) {
	info := BackupInfo{Format: backupFormat, Made: c.clock().UTC()}
	sum := sha256.New()
	out := bufio.NewWriterSize(io.MultiWriter(w, sum), 1<<16)
	err := c.view(ctx, func(tx kv.Tx) error {
		head, err := readHead(tx)
		if err != nil {
			return err
		}
		if info.Seq, err = readCounter(tx, metaKey("seq")); err != nil {
			return err
		}
		info.Audit, info.AuditHash = head.N, head.Hash
		line, err := json.Marshal(info)
		if err != nil {
			return fmt.Errorf("encode backup: %w", err)
		}
		if _, err := out.Write(append(line, '\n')); err != nil {
			return err
		}
		for _, space := range durable() {
			if err := scan(tx, kv.NewKey(space), func(k, v []byte) error { return writeRow(out, k, v) }); err != nil {
				return err
			}
		}
		return binary.Write(out, binary.BigEndian, uint32(0))
	})
	if failed := out.Flush(); failed != nil { // first: what cannot be written is no fault of the store
		return info, fmt.Errorf("write backup: %w", failed)
	}
	if err != nil {
		return info, err
	}
	if _, err := w.Write(sum.Sum(nil)); err != nil {
		return info, fmt.Errorf("backup: %w", err)
	}
	return info, nil
}

// durable are the first parts of the keys that a backup holds. What figures were drawn from is among them: without it the
// next ones would be drawn anew, and could be subtracted from those that stand.
func durable() []string {
	return []string{"a", "b", "c", "d", "f", "g", "h", "i", "m", "o", "r", "t", "u"}
}

func writeRow(w io.Writer, key, value []byte) error {
	for _, part := range [][]byte{key, value} {
		if err := binary.Write(w, binary.BigEndian, uint32(len(part))); err != nil {
			return err
		}
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}

// Restore fills an empty store from a backup. The whole file is checked before the first row is written.
func Restore(ctx context.Context, store kv.Store, file io.ReadSeeker) (BackupInfo, error) {
	info, err := checkBackup(file)
	if err != nil {
		return info, err
	}
	if err := beginFilling(ctx, store); err != nil {
		return info, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return info, fmt.Errorf("restore: %w", err)
	}
	in := bufio.NewReaderSize(file, 1<<16)
	if _, err := in.ReadBytes('\n'); err != nil {
		return info, fmt.Errorf("restore: %w", err)
	}
	for more := true; more; {
		var rows [][2][]byte
		size := 0
		for len(rows) < kv.MaxWrites && size < kv.MaxBytes-kv.MaxValue-kv.MaxKey {
			key, value, err := readRow(in)
			if errors.Is(err, io.EOF) {
				more = false
				break
			}
			if err != nil {
				return info, fmt.Errorf("restore: %w", err)
			}
			rows = append(rows, [2][]byte{key, value})
			size += len(key) + len(value)
		}
		if err := store.Update(ctx, func(tx kv.Tx) error {
			for _, row := range rows {
				if err := tx.Put(row[0], row[1]); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return info, storeError(err)
		}
	}
	return info, endFilling(ctx, store)
}

// checkBackup reads a backup to its end and compares the checksum.
func checkBackup(file io.Reader) (BackupInfo, error) {
	bad := func(err error) (BackupInfo, error) {
		return BackupInfo{}, &Error{Kind: Invalid, Message: "this is not a whole backup of Jointly: it is of another kind, was cut off, or was changed", Err: err}
	}
	sum := sha256.New()
	in := &hashing{bufio.NewReaderSize(file, 1<<16), sum}
	line, err := in.line()
	if err != nil {
		return bad(err)
	}
	var info BackupInfo
	if err := json.Unmarshal(line, &info); err != nil || info.Format != backupFormat {
		return bad(err)
	}
	for {
		_, _, err := readRow(in)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return bad(err)
		}
	}
	want := sum.Sum(nil)
	got := make([]byte, len(want)+1)
	n, err := io.ReadFull(in.r, got)
	if n != len(want) || !bytes.Equal(got[:n], want) {
		return bad(err)
	}
	return info, nil
}

// hashing reads through a hash.
type hashing struct {
	r *bufio.Reader
	h hash.Hash
}

func (h *hashing) Read(p []byte) (int, error) {
	n, err := h.r.Read(p)
	h.h.Write(p[:n]) // never fails
	return n, err
}

func (h *hashing) line() ([]byte, error) {
	line, err := h.r.ReadSlice('\n')
	h.h.Write(line)
	return bytes.Clone(line), err
}

// readRow reads one row; io.EOF at the mark that ends them.
func readRow(r io.Reader) (key, value []byte, err error) {
	if key, err = readPart(r, kv.MaxKey); err != nil {
		return nil, nil, err
	}
	if len(key) == 0 {
		return nil, nil, io.EOF
	}
	value, err = readPart(r, kv.MaxValue)
	return key, value, err
}

func readPart(r io.Reader, most int) ([]byte, error) {
	var n uint32
	if err := binary.Read(r, binary.BigEndian, &n); err != nil {
		return nil, noEOF(err)
	}
	if int64(n) > int64(most) {
		return nil, fmt.Errorf("a part of %d bytes is longer than any that was written", n)
	}
	b := make([]byte, n)
	_, err := io.ReadFull(r, b)
	return b, noEOF(err)
}

func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// maxInfo is the length of the longest first line of a backup, in bytes.
const maxInfo = 1 << 16

// ReadBackupInfo reads the first line of a backup, without checking the rest.
func ReadBackupInfo(file io.Reader) (BackupInfo, error) {
	var info BackupInfo
	line, err := bufio.NewReader(io.LimitReader(file, maxInfo)).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &info)
	}
	if err != nil || info.Format != backupFormat {
		return info, &Error{Kind: Invalid, Message: "this is not a backup of Jointly", Err: err}
	}
	return info, nil
}
