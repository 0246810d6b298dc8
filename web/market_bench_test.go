package web

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
)

// BenchmarkMarket answers one market and all of them, of 5,000 contracts whose read model is there, beside a bare route that
// sends as many bytes in the same run.
func BenchmarkMarket(b *testing.B) {
	handler, cookies := benchEstate(b, 5000)
	gin.SetMode(gin.ReleaseMode)
	for _, address := range []string{"/market/parking", "/market"} {
		get := func(h http.Handler) []byte {
			request, answer := httptest.NewRequest(http.MethodGet, address, nil), httptest.NewRecorder()
			for _, c := range cookies {
				request.AddCookie(c)
			}
			h.ServeHTTP(answer, request)
			if answer.Code != http.StatusOK {
				b.Fatalf("%s: status %d", address, answer.Code)
			}
			return answer.Body.Bytes()
		}
		b.Run(address[1:], func(b *testing.B) {
			body := get(handler)
			bare := gin.New()
			bare.GET(address, func(c *gin.Context) { c.Data(http.StatusOK, "text/html; charset=utf-8", body) })
			var peer time.Duration
			for b.Loop() {
				get(handler)
				began := time.Now()
				get(bare)
				peer += time.Since(began)
			}
			b.ReportMetric(float64(b.Elapsed()-peer)/float64(peer), "bare-routes")
			b.ReportMetric(float64(len(body))/1024, "KiB")
		})
	}
}
