package exchange

import (
	"encoding/xml"
	"fmt"
	"io"
)

// MostAddresses is how many addresses the protocol of sitemaps allows in one file.
const MostAddresses = 50_000

type sitemapXML struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []sitemapURL `xml:"url"`
}

type sitemapURL struct {
	Loc string `xml:"loc"`
}

// Sitemap writes a list of whole addresses for search engines (sitemaps.org, 0.9). It says of none when it changed: a
// record's date of change moves with its private fields too.
func Sitemap(w io.Writer, addresses []string) error {
	out := sitemapXML{URLs: make([]sitemapURL, 0, len(addresses))}
	for _, address := range addresses {
		out.URLs = append(out.URLs, sitemapURL{address})
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write sitemap: %w", err)
	}
	if err := xml.NewEncoder(w).Encode(out); err != nil {
		return fmt.Errorf("write sitemap: %w", err)
	}
	return nil
}
