package exchange

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/url"
	"time"
)

// AtomFeed is a list of results for feed readers (RFC 4287).
type AtomFeed struct {
	Title    string
	Subtitle string
	Base     string // how people reach the service: https://jointly.example
	Self     string // path of the feed
	Page     string // path of the page that it is of
	Updated  time.Time
	Entries  []AtomEntry
}

// AtomEntry is one entry of a feed.
type AtomEntry struct {
	Kind, ID string // what the entry's own ID is made of
	Title    string
	Path     string // of its page
	Category string
	Summary  string
	Updated  time.Time
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomXML struct {
	XMLName  xml.Name   `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string     `xml:"xml:lang,attr"`
	ID       string     `xml:"id"`
	Title    string     `xml:"title"`
	Subtitle string     `xml:"subtitle,omitempty"`
	Updated  string     `xml:"updated"`
	Author   string     `xml:"author>name"`
	Links    []atomLink `xml:"link"`
	Entries  []atomItem `xml:"entry"`
}

type atomItem struct {
	ID       string       `xml:"id"`
	Title    string       `xml:"title"`
	Updated  string       `xml:"updated"`
	Link     atomLink     `xml:"link"`
	Category atomCategory `xml:"category"`
	Summary  string       `xml:"summary,omitempty"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

// atomSince is when Jointly began to name entries: part of every tag, so that it stays the same (RFC 4151).
const atomSince = "2026"

// Atom writes a feed. The ID of an entry is made of what it is of, and stays the same wherever and whenever it is read.
func Atom(w io.Writer, f AtomFeed) error {
	host := "jointly.invalid"
	if u, err := url.Parse(f.Base); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	tag := func(specific string) string { return "tag:" + host + "," + atomSince + ":" + specific }
	when := func(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }
	out := atomXML{Lang: "en-GB", ID: tag("feed" + f.Page), Title: f.Title, Subtitle: f.Subtitle, Updated: when(f.Updated), Author: "Jointly",
		Links: []atomLink{{"self", "application/atom+xml", f.Base + f.Self}, {"alternate", "text/html", f.Base + f.Page}}}
	for _, e := range f.Entries {
		out.Entries = append(out.Entries, atomItem{ID: tag(e.Kind + "/" + url.PathEscape(e.ID)), Title: e.Title, Updated: when(e.Updated),
			Link: atomLink{"alternate", "text/html", f.Base + e.Path}, Category: atomCategory{e.Category}, Summary: e.Summary})
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("feed: %w", err)
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("feed: %w", err)
	}
	return enc.Close()
}
