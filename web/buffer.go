package web

import (
	"bytes"
	"sync"
)

// bufferPool keeps the buffers that pages are rendered into.
type bufferPool struct{ pool sync.Pool }

var buffers bufferPool

func (p *bufferPool) get() *bytes.Buffer {
	if b, ok := p.pool.Get().(*bytes.Buffer); ok {
		b.Reset()
		return b
	}
	return bytes.NewBuffer(make([]byte, 0, 64<<10))
}

// put gives a buffer back once what is in it was sent; a very large one is let go.
func (p *bufferPool) put(b *bytes.Buffer) {
	if b.Cap() <= 1<<20 {
		p.pool.Put(b)
	}
}
