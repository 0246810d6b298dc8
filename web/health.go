package web

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
)

// maxLag is how many changes the search index may be behind before the service says that it is not ready.
const maxLag = 1000

// healthz says that the process is alive.
func (s *site) healthz(c *gin.Context, _ visitor) error {
	c.Header("Cache-Control", "no-store")
	c.String(http.StatusOK, "alive\n")
	return nil
}

// stopping says that the service was told to stop.
func (s *site) stopping() bool {
	select {
	case <-s.Stopping:
		return true
	default: // also where nobody will ever say so
		return false
	}
}

// readyz says that the store can be read, that search and matches know nearly all of it, and that the service is to stay.
func (s *site) readyz(c *gin.Context, _ visitor) error {
	c.Header("Cache-Control", "no-store")
	if s.stopping() {
		c.String(http.StatusServiceUnavailable, "not ready: the service is stopping\n")
		return nil
	}
	lag, err := s.Index.Lag(c) // reads the store
	switch {
	case err != nil:
		s.Log.Error("not ready", "error", err)
		c.String(http.StatusServiceUnavailable, "not ready: the store cannot be read\n")
	case lag > maxLag:
		c.String(http.StatusServiceUnavailable, fmt.Sprintf("not ready: the search index is %d changes behind\n", lag))
	case !s.Engine.Ready():
		c.String(http.StatusServiceUnavailable, "not ready: matches are being worked out\n")
	default:
		c.String(http.StatusOK, "ready\n")
	}
	return nil
}
