package web

import (
	"bytes"
	"io"
	"net/http"
	"runtime"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
)

// How much is done at once. What comes beyond it is turned away at once rather than made to wait, so that what is under
// way is finished soon, and memory does not grow with the number of those who ask.
const (
	requestsACore  = 32  // pages, searches, files and the API together, at work or next in turn
	readsACore     = 2   // of them at work: more would only share the cores, and health would wait behind them all
	signInsAtOnce  = 32  // apart: people still come in while everything else is full
	bodiesAtOnce   = 256 // forms that are being read; slow ones hold nothing else up
	busyRetryAfter = "5" // seconds
)

// requestsAtOnce is how many requests are answered at once on this machine.
func requestsAtOnce() int { return requestsACore * max(2, runtime.GOMAXPROCS(0)) }

// bounds has room for what is done at once.
type bounds struct {
	requests, signIns, bodies chan struct{}
	working                   chan struct{} // reads that have begun; the others that were let in wait for them
}

func newBounds() bounds {
	return bounds{make(chan struct{}, requestsAtOnce()), make(chan struct{}, signInsAtOnce), make(chan struct{}, bodiesAtOnce),
		make(chan struct{}, readsACore*max(2, runtime.GOMAXPROCS(0)))}
}

// bounded lets a request in where there is room. Health, metrics and the files of the build are never turned away: they
// cost next to nothing, and tell what is wrong.
func (s *site) bounded(c *gin.Context) {
	room := s.bounds.requests
	switch doorOf(c.FullPath()) {
	case "other":
		c.Next()
		return
	case "sign-in":
		room = s.bounds.signIns
	}
	if !reads(c.Request) && !s.readBody(c) {
		return
	}
	select {
	case room <- struct{}{}:
		defer func() { <-room }()
	default:
		busy(c)
		return
	}
	// Forms are not made to wait: they spend their time on the disk, and share its commits when they come together.
	if room == s.bounds.requests && reads(c.Request) {
		select {
		case s.bounds.working <- struct{}{}:
			defer func() { <-s.bounds.working }()
		case <-c.Request.Context().Done():
			c.Abort()
			return
		}
	}
	c.Next()
}

// readBody takes in a form before it takes a place, within the most that a form may be; files that are imported are read
// by their handler. False: it was answered.
func (s *site) readBody(c *gin.Context) bool {
	if c.Request.ContentLength == 0 || c.ContentType() == gin.MIMEMultipartPOSTForm {
		return true
	}
	select {
	case s.bounds.bodies <- struct{}{}:
		defer func() { <-s.bounds.bodies }()
	default:
		busy(c)
		return false
	}
	body, err := io.ReadAll(io.LimitReader(c.Request.Body, maxBody+1)) // one more, so that the handler sees that it is too long
	if err != nil {
		s.fail(c, visitor{}, &catalogue.Error{Kind: catalogue.Invalid, Message: "What you sent did not arrive whole. Send it again"})
		c.Abort()
		return false
	}
	c.Request.Body = io.NopCloser(bytes.NewReader(body))
	return true
}

// busy says that there is no room, in a page that costs nothing to make.
func busy(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Retry-After", busyRetryAfter)
	h.Set("Cache-Control", "no-store")
	c.Data(http.StatusServiceUnavailable, "text/html; charset=utf-8", []byte(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Jointly is busy</title></head>
<body><main><h1>Jointly is busy</h1><p>Many people are using it at this moment. Wait a few seconds and try again.
What you sent is not saved: go back and send it again, browsers keep what was typed.</p></main></body></html>
`))
	c.Abort()
}
