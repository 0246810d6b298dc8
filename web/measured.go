package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/metrics"
)

// tally is what the site counts of its own work.
type tally struct {
	requests *metrics.Counter
	took     *metrics.Histogram
	refused  *metrics.Counter
	signIns  *metrics.Counter
	underWay atomic.Int64
}

// measure makes the site's metrics in a set, with those of the read models that it asks.
func (s *site) measure(set *metrics.Set) {
	s.measures = &tally{
		requests: set.Counter("jointly_requests_total", "Requests answered, by route, method and status.", "route", "method", "status"),
		took:     set.Histogram("jointly_request_seconds", "How long requests took, by kind of route.", metrics.Seconds(), "door"),
		refused:  set.Counter("jointly_refused_total", "Requests turned away with 503, by the door that was full or closed.", "door"),
		signIns:  set.Counter("jointly_sign_ins_total", "Steps of signing in, by result: passed, wrong, limited or failed.", "result"),
	}
	for _, door := range doors() {
		s.measures.refused.Add(0, door)
	}
	for _, result := range []string{"passed", "wrong", "limited", "failed"} {
		s.measures.signIns.Add(0, result)
	}
	set.Gauge("jointly_requests_under_way", "Requests that are being answered.", nil, func(_ context.Context, emit func(float64, ...string)) {
		emit(float64(s.measures.underWay.Load()))
	})
	set.Gauge("jointly_feed_position", "Sequence number of the latest change.", nil, func(ctx context.Context, emit func(float64, ...string)) {
		if seq, err := s.Catalogue.Seq(ctx); err == nil {
			emit(float64(seq))
		}
	})
	set.Gauge("jointly_feed_lag", "Changes that a read model has yet to follow, by read model.", []string{"follower"}, func(ctx context.Context, emit func(float64, ...string)) {
		if lag, err := s.Index.Lag(ctx); err == nil {
			emit(float64(lag), "search")
		}
		if seq, err := s.Catalogue.Seq(ctx); err == nil {
			emit(float64(seq-min(seq, s.Engine.Cursor())), "matcher")
		}
	})
}

// doors are the parts of the site that are bounded, each by itself.
func doors() []string {
	return []string{"pages", "searches", "files", "imports", "sign-in", "api", "other"}
}

// turnedAway stands for the door among the times of requests that were refused.
const turnedAway = "turned away"

// doorOf is the door that a route is behind.
func doorOf(route string) string {
	switch {
	case strings.HasPrefix(route, "/sign-in"):
		return "sign-in"
	case strings.HasPrefix(route, "/api/"):
		return "api"
	case strings.HasPrefix(route, "/estate/import"):
		return "imports"
	case strings.HasSuffix(route, ".csv"), strings.HasSuffix(route, ".xlsx"), strings.HasSuffix(route, ".zip"), strings.HasSuffix(route, ".json"):
		return "files"
	case strings.HasPrefix(route, "/search"):
		return "searches"
	case strings.HasPrefix(route, "/assets/"), route == "/healthz", route == "/readyz", route == metricsPath:
		return "other"
	}
	return "pages"
}

// measured counts each request, and what became of it.
func (s *site) measured(c *gin.Context) {
	began := time.Now()
	s.measures.underWay.Add(1)
	defer func() {
		s.measures.underWay.Add(-1)
		route, status := c.FullPath(), c.Writer.Status()
		door := doorOf(route)
		s.measures.requests.Add(1, route, c.Request.Method, strconv.Itoa(status))
		if status == http.StatusServiceUnavailable {
			s.measures.refused.Add(1, door)
			s.measures.took.Since(began, turnedAway) // apart, so that they do not make the others look quick
		} else {
			s.measures.took.Since(began, door)
		}
		if door == "sign-in" && c.Request.Method == http.MethodPost {
			s.measures.signIns.Add(1, signInResult(status))
		}
	}()
	c.Next()
}

func signInResult(status int) string {
	switch {
	case status < http.StatusBadRequest:
		return "passed"
	case status == http.StatusTooManyRequests:
		return "limited"
	case status < http.StatusInternalServerError:
		return "wrong"
	}
	return "failed"
}

const metricsPath = "/metrics"

// metricsHere answers with the metrics to this machine alone: not through a proxy, which stands on this machine too.
func (s *site) metricsHere(c *gin.Context, _ visitor) error {
	proxied := false
	for _, name := range []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded", "Via"} {
		proxied = proxied || c.GetHeader(name) != ""
	}
	if proxied || !onLoopback(c.Request.RemoteAddr) || !onLoopback(c.Request.Host) {
		return &catalogue.Error{Kind: catalogue.NotFound, Message: "page not found"}
	}
	s.Metrics.ServeHTTP(c.Writer, c.Request)
	return nil
}
