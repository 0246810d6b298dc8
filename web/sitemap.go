package web

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
)

// mostMapped is how many records the sitemap names; contracts come last.
const mostMapped = 20_000

// sitemapFile keeps the sitemap of the last change of the store: it is read of all records.
type sitemapFile struct {
	sync.Mutex
	seq  uint64
	file []byte // nil: not written yet
}

// mappedPages are the pages for anybody that are of no one record.
func mappedPages() []string {
	return []string{"/", "/platforms", "/intentions", "/groups", "/offers", "/bodies", "/signals", "/demand", "/demand/releases", "/councils", "/frameworks", "/reorganisation",
		"/about", "/about/sources", "/accessibility", "/privacy"}
}

// sitemap lists the public pages for search engines, as anybody sees them, whoever asks.
func (s *site) sitemap(c *gin.Context, _ visitor) error {
	file, err := s.sitemapNow(c)
	if err != nil {
		return err
	}
	c.Data(http.StatusOK, "application/xml; charset=utf-8", file)
	return nil
}

func (s *site) sitemapNow(ctx context.Context) ([]byte, error) {
	s.mapped.Lock()
	defer s.mapped.Unlock()
	seq, err := s.Catalogue.Seq(ctx)
	if err != nil || s.mapped.file != nil && s.mapped.seq == seq {
		return s.mapped.file, err
	}
	keys, err := s.Catalogue.PublicKeys(ctx, mostMapped, catalogue.KindSignal, catalogue.KindIntention, catalogue.KindGroup, catalogue.KindOffer, catalogue.KindBody,
		catalogue.KindFramework, catalogue.KindCouncil, catalogue.KindPlatform, catalogue.KindSupplier, catalogue.KindContract)
	if err != nil {
		return nil, err
	}
	base := strings.TrimSuffix(s.BaseURL, "/")
	var addresses []string
	for _, path := range mappedPages() {
		addresses = append(addresses, base+path)
	}
	latest, err := s.Catalogue.LatestRelease(ctx, catalogue.Anonymous())
	if err != nil {
		return nil, err
	}
	if latest != nil {
		addresses = append(addresses, base+latest.Address())
	}
	for _, key := range keys {
		addresses = append(addresses, base+pagePath(key.Kind, key.ID))
	}
	var b bytes.Buffer
	if err := exchange.Sitemap(&b, addresses); err != nil {
		return nil, err
	}
	s.mapped.seq, s.mapped.file = seq, b.Bytes()
	return s.mapped.file, nil
}

// robots asks search engines to leave out what has no end or is for one person, and leads to the sitemap.
func (s *site) robots(c *gin.Context, _ visitor) error {
	var b strings.Builder
	b.WriteString("User-agent: *\n")
	for _, path := range []string{"/search", "/compare", "/api/", "/digest/", "/feeds/", "/mail/", "/sign-in", "/desk"} {
		b.WriteString("Disallow: " + path + "\n")
	}
	b.WriteString("\nSitemap: " + strings.TrimSuffix(s.BaseURL, "/") + "/sitemap.xml\n")
	c.String(http.StatusOK, b.String())
	return nil
}
