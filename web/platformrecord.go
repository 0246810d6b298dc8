package web

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"jointly/catalogue"
	"jointly/web/view"
)

// badge is a measure of a platform with what it is made of, so that everybody can check it.
type badge struct {
	Tag      view.Tag
	Says     string
	Criteria view.Details // around Rows
	Rows     []view.Fact
}

// badges are how many councils reuse a platform, and how well its record is kept. Both count what everybody sees.
func badges(v *catalogue.PlatformView, today time.Time) []badge {
	return []badge{reuseBadge(v), keptBadge(v.Record(today))}
}

func reuseBadge(v *catalogue.PlatformView) badge {
	n, level := v.Reuse()
	invented := ""
	if v.Platform.Demonstration {
		invented = "invented "
	}
	b := badge{Tag: view.Tag{Text: "No use recorded", Classes: "govuk-tag--grey"}, Says: "Not known to be used, which is not no.",
		Criteria: view.Details{ID: "reuse", Summary: "How reuse is counted"}}
	switch level {
	case catalogue.ReuseOne:
		b.Tag, b.Says = view.Tag{Text: "Used by one council", Classes: "govuk-tag--grey"}, "One "+invented+"council is seen using it."
	case catalogue.ReuseSeveral:
		b.Tag, b.Says = view.Tag{Text: "Reused", Classes: "govuk-tag--teal"}, view.Number(n)+" "+invented+"councils are seen using it."
	case catalogue.ReuseWide:
		b.Tag, b.Says = view.Tag{Text: "Widely reused", Classes: "govuk-tag--green"}, view.Number(n)+" "+invented+"councils are seen using it."
	}
	b.Rows = []view.Fact{
		{Name: "What counts", Value: "A council counts once, where its own word or a public record says that it uses the platform. What councils share among themselves alone does not count."},
		{Name: "Reused", Value: "2 councils or more"},
		{Name: "Widely reused", Value: view.Number(catalogue.WideReuse) + " councils or more"}}
	return b
}

func keptBadge(r catalogue.PlatformRecord) badge {
	of := len(catalogue.RecordParts())
	b := badge{Criteria: view.Details{ID: "kept", Summary: "What a well-kept record says"}}
	switch n := r.Points(); {
	case n >= of-1:
		b.Tag = view.Tag{Text: "Well kept", Classes: "govuk-tag--green"}
	case n >= of/2:
		b.Tag = view.Tag{Text: "Partly kept", Classes: "govuk-tag--yellow"}
	default:
		b.Tag = view.Tag{Text: "Thin record", Classes: "govuk-tag--grey"}
	}
	b.Says = "This record meets " + view.Number(r.Points()) + " of " + view.Number(of) + " criteria."
	for _, part := range catalogue.RecordParts() {
		fact := view.Fact{Name: partName(part), Value: "Stated"}
		switch {
		case part == catalogue.PartConfirmed && r.Councils == 0:
			fact.Value, fact.Muted = "Not met: no council is seen using it", true
		case part == catalogue.PartConfirmed:
			fact.Value, fact.Muted = view.Number(r.Confirmed)+" of "+view.Number(r.Councils)+" councils", !r.Met[part]
			if fact.Muted {
				fact.Value = "Not met: " + fact.Value
			}
		case !r.Met[part]:
			fact.Value, fact.Muted = "Not stated", true
		}
		b.Rows = append(b.Rows, fact)
	}
	b.Rows = append(b.Rows, view.Fact{Name: "The badge", Value: "Well kept: " + view.Number(of-1) + " criteria or more. Partly kept: " + view.Number(of/2) + " or more."})
	return b
}

func partName(part catalogue.RecordPart) string {
	switch part {
	case catalogue.PartConfirmed:
		return "At least half of its councils confirmed within 12 months that they use it"
	case catalogue.PartExit:
		return "Exit and data return"
	}
	return sentenceCase(string(part))
}

// waysView is the section on ways to buy a platform. Template ways.
type waysView struct {
	Table   view.Table
	Ended   []view.Link // ended ones that cover it
	Note    string
	All     view.Link
	Nothing string // where no framework is on record
}

// shownWays is how many ways to buy a platform's page shows.
const shownWays = 8

func (s *site) newWays(v *catalogue.PlatformView, needsFor string) waysView {
	now, today := s.Catalogue.Now(), s.Catalogue.Today()
	w := waysView{All: waysLink(v.Platform.Capabilities[:1], "All ways to buy on record for "+lowerFirst(s.capabilityName(v.Platform.Capabilities[0]))),
		Table: view.Table{Caption: "Frameworks that may lead to it", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
			Head: []view.Head{{Text: "Framework", Classes: "jy-col-30"}, {Text: "How it stands"}, {Text: "Bought this way"}, {Text: "Who may use it", Classes: "jy-col-25"}}}}
	for _, way := range v.Ways {
		f := way.Framework
		if f.State(today) == catalogue.FrameworkEnded && len(way.Bought) == 0 {
			w.Ended = append(w.Ended, *frameworkLink(f))
			continue
		}
		if len(w.Table.Rows) == shownWays {
			continue
		}
		stand := frameworkStateCell(f, now, today)
		if f.State(today) == catalogue.FrameworkOpen {
			stand.Note = "ends " + view.Date(f.End) + ", " + relativeEnd(now, f.End)
		}
		w.Table.Rows = append(w.Table.Rows, []view.Cell{frameworkCell(f), stand, boughtCell(way.Bought), eligibleCell(f)})
	}
	if len(w.Table.Rows) == 0 {
		w.Nothing = "No framework that is open or to come is on record for " + needsFor + ". That is not the same as none."
		return w
	}
	w.Note = "They cover the need. Where no purchase is named, we do not know that this platform is on the framework: check its list of suppliers."
	return w
}

// boughtCell names who bought a platform through a framework.
func boughtCell(bought []catalogue.ContractRow) view.Cell {
	if len(bought) == 0 {
		return view.Cell{Text: "none seen", Muted: true}
	}
	first := bought[0]
	cell := view.Cell{Text: first.Council.Label(), Href: pagePath(catalogue.KindContract, first.Contract.ID), Note: first.Contract.Route}
	if rest := len(bought) - 1; rest > 0 {
		cell.Note += ", and " + view.Plural(rest, "more contract", "more contracts")
	}
	return cell
}

// standsFor is what a platform is for: its capabilities, and the citizen services that stand on them.
type standsFor struct {
	Capabilities []view.Link
	Services     []view.Link
	More         *view.Link // further services
}

// shownServices is how many services a platform's page names.
const shownServices = 8

func (s *site) standsFor(p *catalogue.Platform) standsFor {
	var out standsFor
	for _, id := range p.Capabilities {
		out.Capabilities = append(out.Capabilities, view.Link{Text: s.capabilityName(id), Href: "/platforms?capability=" + url.QueryEscape(id)})
	}
	services := map[string][]view.Link{}
	for _, sv := range s.Catalogue.Register().Services() {
		services[sv.Capability] = append(services[sv.Capability], view.Link{Text: sv.Label, Href: pagePath(catalogue.KindService, strconv.Itoa(sv.LGSL))})
	}
	n := 0
	for _, id := range p.Capabilities {
		out.Services = append(out.Services, services[id]...)
		n += len(services[id])
	}
	if n > shownServices {
		out.Services = out.Services[:shownServices]
		out.More = &view.Link{Text: view.Number(n-shownServices) + " more", Href: "/search?" + url.Values{"kind": {"service"}, "capability": p.Capabilities}.Encode()}
	}
	return out
}

// similarTable lists platforms like one, each with why it is like it.
func (s *site) similarTable(p *catalogue.Platform, rows []catalogue.SimilarPlatform) view.Table {
	t := view.Table{Caption: "Similar platforms", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Platform"}, {Text: "Why it is similar"}, {Text: "Councils seen", Numeric: true}}}
	for _, row := range rows {
		name := view.Cell{Text: marked(row.Platform.Name, row.Platform.Demonstration), Href: pagePath(catalogue.KindPlatform, row.Platform.ID), Note: row.Platform.Supplier}
		t.Rows = append(t.Rows, []view.Cell{name, {Text: s.whySimilar(p, row), Classes: "jy-table__line"}, seenCell(row.Councils)})
	}
	return t
}

func (s *site) whySimilar(p *catalogue.Platform, row catalogue.SimilarPlatform) string {
	var names []string
	for _, id := range row.Shared {
		names = append(names, lowerFirst(s.capabilityName(id)))
	}
	if row.Platform.Capabilities[0] == p.Capabilities[0] {
		why := "Both are mainly for " + names[0]
		if len(names) > 1 {
			why += "; both also for " + view.Sentence(names[1:])
		}
		return why
	}
	return "Both are for " + view.Sentence(names)
}

// notStated says what a platform's record does not say, and who can say it; empty where nothing is missing.
func notStated(v *catalogue.PlatformView) string {
	p := v.Platform
	var missing []string
	for _, part := range []struct {
		name    string
		missing bool
	}{{"supplier", p.Supplier == ""}, {"licence", p.Licence == ""}, {"exit and data return", p.Exit == ""}, {"hosting", p.Hosting == ""},
		{"APIs and standards", len(p.Standards) == 0}, {"website", p.Website == ""}} {
		if part.missing {
			missing = append(missing, part.name)
		}
	}
	if len(missing) == 0 {
		return ""
	}
	keeper := "the operator of this service, who keeps this record"
	if v.Lister != nil {
		keeper = v.Lister.Label() + ", which listed it, or the operator of this service"
	}
	if p.Claim != nil {
		keeper = p.Supplier + ", which keeps this record, or the operator of this service"
	}
	return sentenceCase(strings.Join(missing, ", ")) + ": not stated. It can be added by " + keeper + ". Its supplier and the councils that use it know."
}
