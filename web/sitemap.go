package web

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
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
	return []string{"/", "/platforms", "/intentions", "/groups", "/signals", "/demand", "/demand/releases", "/evidence", "/calls", "/examples", "/baseline", "/baseline/editions",
		"/plan", "/plan/report", "/offers", "/bodies", "/councils", "/frameworks", "/reorganisation",
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
	keys, err := s.Catalogue.PublicKeys(ctx, mostMapped, catalogue.KindSignal, catalogue.KindCall, catalogue.KindExample, catalogue.KindFinding, catalogue.KindRecommendation,
		catalogue.KindIntention, catalogue.KindGroup, catalogue.KindOffer, catalogue.KindBody, catalogue.KindAsk, catalogue.KindFramework,
		catalogue.KindCouncil, catalogue.KindPlatform, catalogue.KindSupplier, catalogue.KindContract)
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
	evidence, err := s.mappedEvidence(ctx)
	if err != nil {
		return nil, err
	}
	for _, path := range evidence {
		addresses = append(addresses, base+path)
	}
	for _, key := range keys {
		addresses = append(addresses, base+mappedPath(key))
	}
	var b bytes.Buffer
	if err := exchange.Sitemap(&b, addresses); err != nil {
		return nil, err
	}
	s.mapped.seq, s.mapped.file = seq, b.Bytes()
	return s.mapped.file, nil
}

// mappedPath is where a record is shown, parts of the plan included.
func mappedPath(key catalogue.Key) string {
	switch key.Kind {
	case catalogue.KindFinding:
		return "/plan/findings/" + url.PathEscape(key.ID)
	case catalogue.KindRecommendation:
		return "/plan/recommendations/" + url.PathEscape(key.ID)
	}
	return pagePath(key.Kind, key.ID)
}

// mostEditions is how many editions of the baseline the sitemap names, the latest first.
const mostEditions = 100

// mappedEvidence are the pages of the editions of the baseline, and of the services that the latest or a call is about.
func (s *site) mappedEvidence(ctx context.Context) ([]string, error) {
	editions, _, err := s.Catalogue.Editions(ctx, catalogue.Anonymous(), 0, mostEditions)
	if err != nil {
		return nil, err
	}
	calls, err := s.Catalogue.EvidenceCalls(ctx, catalogue.Anonymous())
	if err != nil {
		return nil, err
	}
	var out []string
	var services, measured []int
	for i, e := range editions {
		out = append(out, e.Address())
		if i > 0 {
			continue
		}
		for _, r := range e.Rounds {
			measured = append(measured, r.LGSL)
		}
	}
	for _, x := range calls {
		services = append(services, x.Services...)
	}
	for _, lgsl := range distinct(append(services, measured...)) {
		out = append(out, pagePath(catalogue.KindService, strconv.Itoa(lgsl)))
	}
	for _, lgsl := range distinct(measured) {
		out = append(out, baselinePath(lgsl))
	}
	return out, nil
}

// distinct are numbers in order, each once.
func distinct(numbers []int) []int {
	slices.Sort(numbers)
	return slices.Compact(numbers)
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
