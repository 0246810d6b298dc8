// The examination of a file before it is opened.
//
// bbolt trusts its file: a wrong page number can make it crash, recurse until the stack is full (which no recover
// catches), or take a page that is in use for a free one and write over it. So every page that can be reached is read
// once and its structure checked. What stands in the values is not looked at; the catalogue's own checksums do that.
//
// The file is an array of pages. Pages 0 and 1 are headers, written in turn by the commits; the valid one with the
// higher number counts. A header names the page where the free pages are listed and the root of the tree. Numbers are in
// the byte order of the machine.

package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"slices"

	"jointly/catalogue/kv"
)

// Sizes and marks of bbolt's file format, version 2.
const (
	pageHeader    = 16 // id, flags, count, overflow
	metaSize      = 64 // with its checksum
	elementSize   = 16 // of a branch or leaf element
	bucketHeader  = 16 // root page, sequence
	minPageSize   = 1 << 10
	maxPageSize   = 1 << 24
	formatMagic   = 0xED0CDAED
	formatVersion = 2

	branchPage   = 0x01
	leafPage     = 0x02
	freelistPage = 0x10
	isBucket     = 0x01 // of a leaf element

	noFreelist = ^uint64(0)
	maxDepth   = 64 // levels of the tree
)

// meta is what a header page says.
type meta struct {
	pageSize       int64
	root           uint64
	freelist       uint64
	pages          uint64 // pages in use: those with lower numbers
	txid           uint64
	magic, version uint32
}

// check reads a file of the given size and returns an error that wraps kv.ErrCorrupt if it is not a sound store.
func check(file io.ReaderAt, size int64) error {
	m, err := readMeta(file, size)
	if err != nil {
		return err
	}
	c := checker{file: file, meta: m, used: make(pageSet, m.pages/64+1), free: make(pageSet, m.pages/64+1)}
	c.used.add(0)
	c.used.add(1)
	if err := c.readFreelist(); err != nil {
		return err
	}
	return c.tree(m.root, 0, true, nil, nil)
}

// readMeta returns the header that counts. Both must be whole: bbolt would fall back on the older one, and the last
// commit, although acknowledged, would be gone without a word.
func readMeta(file io.ReaderAt, size int64) (meta, error) {
	first, err := parseMeta(file, 0)
	if err != nil {
		return meta{}, err
	}
	second, err := parseMeta(file, first.pageSize)
	if err != nil {
		return meta{}, err
	}
	m := first
	if second.txid > m.txid {
		m = second
	}
	if first.pageSize != second.pageSize {
		return meta{}, corrupt("its headers disagree on the size of a page")
	}
	if have := uint64(size) / uint64(m.pageSize); m.pages > have {
		return meta{}, corrupt("it is cut off: %d of %d pages are there", have, m.pages)
	}
	return m, nil
}

func parseMeta(file io.ReaderAt, at int64) (meta, error) {
	buf := make([]byte, pageHeader+metaSize)
	if _, err := file.ReadAt(buf, at); err != nil {
		if errors.Is(err, io.EOF) {
			return meta{}, corrupt("it is cut off within its headers")
		}
		return meta{}, err
	}
	le := binary.NativeEndian
	b := buf[pageHeader:]
	m := meta{
		magic:    le.Uint32(b),
		version:  le.Uint32(b[4:]),
		pageSize: int64(le.Uint32(b[8:])),
		root:     le.Uint64(b[16:]),
		freelist: le.Uint64(b[32:]),
		pages:    le.Uint64(b[40:]),
		txid:     le.Uint64(b[48:]),
	}
	sum := fnv.New64a()
	_, _ = sum.Write(b[:56]) // never fails
	switch {
	case m.magic != formatMagic:
		return meta{}, corrupt("header at byte %d is not that of a bbolt file", at)
	case m.version != formatVersion:
		return meta{}, corrupt("header at byte %d is of version %d, not %d", at, m.version, formatVersion)
	case sum.Sum64() != le.Uint64(b[56:]):
		return meta{}, corrupt("header at byte %d does not match its checksum", at)
	case m.pageSize < minPageSize || m.pageSize > maxPageSize || m.pageSize&(m.pageSize-1) != 0:
		return meta{}, corrupt("header at byte %d gives pages of %d bytes", at, m.pageSize)
	}
	return m, nil
}

// checker walks the pages that a header leads to.
type checker struct {
	file io.ReaderAt
	meta meta
	used pageSet
	free pageSet
	bufs [maxDepth][]byte // one a level, used again for every page of it
}

// page is one page with its overflow pages.
type page struct {
	id    uint64
	flags uint16
	count int
	data  []byte // header included
}

// read reads page id into the buffer of a level and marks it as used.
func (c *checker) read(id uint64, level int) (page, error) {
	if id < 2 || id >= c.meta.pages {
		return page{}, corrupt("page %d is referred to, of %d", id, c.meta.pages)
	}
	data, err := c.load(id, 1, level)
	if err != nil {
		return page{}, err
	}
	span := 1 + uint64(binary.NativeEndian.Uint32(data[12:]))
	if self := binary.NativeEndian.Uint64(data); self != id {
		return page{}, corrupt("page %d calls itself page %d", id, self)
	}
	if id+span > c.meta.pages {
		return page{}, corrupt("page %d goes on beyond the end", id)
	}
	for i := id; i < id+span; i++ {
		if !c.used.add(i) {
			return page{}, corrupt("page %d is referred to twice", i)
		}
		if c.free.has(i) {
			return page{}, corrupt("page %d is in use and listed as free", i)
		}
	}
	if span > 1 {
		if data, err = c.load(id, span, level); err != nil {
			return page{}, err
		}
	}
	return parsePage(id, data), nil
}

func parsePage(id uint64, data []byte) page {
	return page{
		id:    id,
		flags: binary.NativeEndian.Uint16(data[8:]),
		count: int(binary.NativeEndian.Uint16(data[10:])),
		data:  data,
	}
}

func (c *checker) load(id, span uint64, level int) ([]byte, error) {
	n := int(span) * int(c.meta.pageSize)
	c.bufs[level] = slices.Grow(c.bufs[level][:0], n)[:n]
	_, err := c.file.ReadAt(c.bufs[level], int64(id)*c.meta.pageSize)
	return c.bufs[level], err
}

// readFreelist reads the list of free pages, which must come before the tree is walked.
func (c *checker) readFreelist() error {
	if c.meta.freelist == noFreelist {
		return nil
	}
	p, err := c.read(c.meta.freelist, 0)
	if err != nil {
		return err
	}
	if p.flags != freelistPage {
		return corrupt("page %d is not a list of free pages", p.id)
	}
	ids, count := p.data[pageHeader:], uint64(p.count)
	if count == 0xFFFF { // too many for the header: the first element tells
		count, ids = binary.NativeEndian.Uint64(ids), ids[8:]
	}
	if count > uint64(len(ids))/8 {
		return corrupt("page %d lists more free pages than it has room for", p.id)
	}
	for i := range count {
		id := binary.NativeEndian.Uint64(ids[8*i:])
		if id < 2 || id >= c.meta.pages || c.used.has(id) || !c.free.add(id) {
			return corrupt("page %d lists page %d as free", p.id, id)
		}
	}
	return nil
}

// tree checks the tree below page id, whose keys lie from low up to, not including, high; nil is no bound. Only the
// outermost tree may hold buckets.
func (c *checker) tree(id uint64, level int, outermost bool, low, high []byte) error {
	if level == maxDepth {
		return corrupt("its tree is more than %d levels deep", maxDepth)
	}
	p, err := c.read(id, level)
	if err != nil {
		return err
	}
	if p.flags == leafPage {
		return c.leaf(p, level, outermost, low, high)
	}
	if p.flags != branchPage || p.count == 0 {
		return corrupt("page %d is neither branch nor leaf", p.id)
	}
	if err := p.checkKeys(low, high); err != nil {
		return err
	}
	for i := range p.count {
		next := high
		if i+1 < p.count {
			next = p.key(i + 1)
		}
		child := binary.NativeEndian.Uint64(p.element(i)[8:])
		if err := c.tree(child, level+1, outermost, p.key(i), next); err != nil {
			return err
		}
	}
	return nil
}

// leaf checks a page of keys and values.
func (c *checker) leaf(p page, level int, outermost bool, low, high []byte) error {
	if p.flags != leafPage {
		return corrupt("page %d is not a leaf", p.id)
	}
	if err := p.checkKeys(low, high); err != nil {
		return err
	}
	for i := range p.count {
		switch flags := binary.NativeEndian.Uint32(p.element(i)); {
		case flags == 0:
		case flags == isBucket && outermost:
			if err := c.bucket(p.value(i), p.id, level); err != nil {
				return err
			}
		default:
			return corrupt("page %d: row %d has flags %#x", p.id, i, flags)
		}
	}
	return nil
}

// bucket checks the tree of a bucket: its root is given by the value, or, in a small bucket, follows as a page of its
// own within the value.
func (c *checker) bucket(value []byte, at uint64, level int) error {
	if len(value) < bucketHeader {
		return corrupt("page %d: bucket of %d bytes", at, len(value))
	}
	if root := binary.NativeEndian.Uint64(value); root != 0 {
		return c.tree(root, level+1, false, nil, nil)
	}
	inline := value[bucketHeader:]
	if len(inline) < pageHeader {
		return corrupt("page %d: bucket of %d bytes", at, len(value))
	}
	return c.leaf(parsePage(at, inline), level, false, nil, nil)
}

// checkKeys checks that all elements lie within the page and that their keys ascend within the bounds.
func (p page) checkKeys(low, high []byte) error {
	if pageHeader+p.count*elementSize > len(p.data) {
		return corrupt("page %d has no room for its %d rows", p.id, p.count)
	}
	for i := range p.count {
		start, end := p.span(i)
		if start < uint64(pageHeader+p.count*elementSize) || end > uint64(len(p.data)) {
			return corrupt("page %d: row %d lies outside of the page", p.id, i)
		}
		key := p.key(i)
		if i > 0 && bytes.Compare(key, low) <= 0 || i == 0 && bytes.Compare(key, low) < 0 ||
			high != nil && bytes.Compare(key, high) >= 0 {
			return corrupt("page %d: key of row %d is out of order", p.id, i)
		}
		low = key
	}
	return nil
}

func (p page) element(i int) []byte {
	return p.data[pageHeader+i*elementSize:][:elementSize]
}

// span returns where the key of element i begins and where its value, or in a branch the key, ends.
func (p page) span(i int) (start, end uint64) {
	e := p.element(i)
	at := uint64(pageHeader + i*elementSize)
	if p.flags == branchPage {
		start = at + uint64(binary.NativeEndian.Uint32(e))
		return start, start + uint64(binary.NativeEndian.Uint32(e[4:]))
	}
	start = at + uint64(binary.NativeEndian.Uint32(e[4:]))
	return start, start + uint64(binary.NativeEndian.Uint32(e[8:])) + uint64(binary.NativeEndian.Uint32(e[12:]))
}

func (p page) key(i int) []byte {
	start, _ := p.span(i)
	size := 4
	if p.flags == leafPage {
		size = 8
	}
	return p.data[start:][:binary.NativeEndian.Uint32(p.element(i)[size:])]
}

func (p page) value(i int) []byte {
	start, end := p.span(i)
	return p.data[start+uint64(len(p.key(i))) : end]
}

// pageSet is a set of page numbers, one bit each.
type pageSet []uint64

// add reports whether id was not in the set before.
func (s pageSet) add(id uint64) bool {
	if s.has(id) {
		return false
	}
	s[id/64] |= 1 << (id % 64)
	return true
}

func (s pageSet) has(id uint64) bool {
	return s[id/64]&(1<<(id%64)) != 0
}

func corrupt(format string, args ...any) error {
	return fmt.Errorf("%w: %s", kv.ErrCorrupt, fmt.Sprintf(format, args...))
}
