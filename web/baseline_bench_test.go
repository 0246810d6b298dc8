package web

import (
	"net/http"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
)

// BenchmarkBaseline renders the baseline from one edition, beside a bare route that sends as many bytes. The ratio says how
// many bare answers one page costs. None of these pages reads a return: see BenchmarkEdition of the catalogue, where the
// read does not grow with them.
func BenchmarkBaseline(b *testing.B) {
	handler := benchBoard(b)
	for _, address := range []string{"/baseline", "/baseline/528", "/baseline/editions/1", "/services/528"} {
		b.Run(address[1:], func(b *testing.B) {
			body := answered(b, handler, address)
			bare := gin.New()
			bare.GET(address, func(c *gin.Context) { c.Data(http.StatusOK, "text/html; charset=utf-8", body) })
			var peer time.Duration
			for b.Loop() {
				answered(b, handler, address)
				began := time.Now()
				answered(b, bare, address)
				peer += time.Since(began)
			}
			b.ReportMetric(float64(b.Elapsed()-peer)/float64(peer), "bare-routes")
			b.ReportMetric(float64(len(body))/1024, "KiB")
		})
	}
}
