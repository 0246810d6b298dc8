package web

import (
	"fmt"

	"jointly/catalogue"
	"jointly/catalogue/baseline"
	"jointly/web/chart"
	"jointly/web/view"
)

// liveBlock is what councils share with each other of a service, as of now. Template baseline-live.
type liveBlock struct {
	Lead      string
	Table     view.Table // empty: nobody shares anything yet
	Place     string     // where the reader's council stands
	Own       string     // who sees the reader's figures
	Near      figure
	NearRows  view.Table // empty: the reader is of no council
	Fold      view.Details
	Weights   string
	Platforms view.Table
	Silent    string // of platforms with too few councils; empty: none
}

// fewestLive is from how many councils on live figures are said: of fewer, the councils themselves say more.
const fewestLive = 5

func (s *site) newLiveBlock(b serviceBaseline) *liveBlock {
	if b.live == nil {
		return nil
	}
	parts := b.live.Parts()
	out := &liveBlock{Fold: view.Details{Summary: "Why these councils"}}
	out.Lead = view.Plural(len(parts), "council shares", "councils share") + " figures for this service and period under " + noun(len(parts), "its name", "their names") + ". This moves as soon as one signs off. What councils keep to themselves counts in editions alone."
	out.Table = liveTable(parts, b.own)
	if b.own != nil {
		out.placed(parts, *b.live.Own)
	}
	s.fillNear(out, b)
	s.fillPlatformFigures(out, b)
	return out
}

// liveTable is the figures of today over what is shared.
func liveTable(parts []baseline.Part, own *baseline.Part) view.Table {
	t := view.Table{Caption: "What councils share, as of now", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Figure"}, {Text: "Lower quartile", Numeric: true}, {Text: "Median", Numeric: true}, {Text: "Upper quartile", Numeric: true}, {Text: "Councils", Numeric: true}}}
	if own != nil {
		t.Head = append(t.Head, view.Head{Text: "Yours", Numeric: true})
	}
	measures := []baseline.Measure{baseline.Digital, baseline.Rate}
	for _, channel := range baseline.Channels() {
		measures = append(measures, baseline.Rate.Of(channel))
	}
	for _, m := range measures {
		f, ok := baseline.Live(parts, m, fewestLive)
		if !ok {
			continue
		}
		name := "Digital share"
		switch kind, channel := m.Parts(); {
		case kind == baseline.Rate && channel == "":
			name = "Contacts per 1,000 residents"
		case kind == baseline.Rate:
			name = catalogue.Channel(channel).Words() + ", per 1,000 residents"
		}
		row := []view.Cell{{Text: name}, saidCell(m, f.Lower), saidCell(m, f.Median), saidCell(m, f.Upper), {Text: view.Number(f.N), Numeric: true}}
		if own != nil {
			row = append(row, ownCell(own, m))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// placed says where the reader's council stands among those that share, and who sees its figures.
func (l *liveBlock) placed(parts []baseline.Part, own catalogue.SharedReturn) {
	others := make([]baseline.Part, 0, len(parts))
	for _, p := range parts {
		if p.Council != own.Part.Council {
			others = append(others, p)
		}
	}
	if v, ok := own.Part.Of(baseline.Digital); ok && len(others) > 0 {
		if below, all := baseline.Place(others, baseline.Digital, v); all > 0 {
			l.Place = fmt.Sprintf("Your digital share, %s, is higher than that of %d of %s that %s theirs.", measured(baseline.Digital, v), below,
				view.Plural(all, "other council", "other councils"), noun(all, "shares", "share"))
		}
	}
	now, _ := own.Return.Current()
	switch now.Audience {
	case catalogue.Public:
		l.Own = "Everybody sees your figures under your council’s name, as you chose."
	case catalogue.Councils:
		l.Own = "Councils see your figures under your council’s name, as you chose."
	default:
		l.Own = "Your figures count in editions; under your council’s name only your own people see them, as you chose."
	}
}

// fillNear compares with the nearest neighbours.
func (s *site) fillNear(l *liveBlock, b serviceBaseline) {
	if len(b.live.Nearest) == 0 {
		return
	}
	w := baseline.StandardWeights()
	l.Weights = fmt.Sprintf("Nearest of the councils with the same duties. What counts, of %.0f points: type %.0f, population %.0f, rural or urban %.0f, deprivation %.0f, region %.0f. What is not known of a council counts half.",
		w.Type+w.Population+w.Rural+w.Deprivation+w.Region, w.Type, w.Population, w.Rural, w.Deprivation, w.Region)
	mix := chart.Mix{About: chart.About{ID: "near", Title: "Share of contacts by channel, your council and its nearest neighbours"}, RowHead: "Council"}
	for _, channel := range catalogue.Channels() {
		mix.Series = append(mix.Series, channel.Words())
	}
	add := func(name, href string, p baseline.Part, emphasis bool) {
		row := chart.MixRow{Label: name, Link: href, Emphasis: emphasis}
		for _, channel := range baseline.Channels() {
			v, ok := p.Of(baseline.Share.Of(channel))
			if !ok {
				return
			}
			row.Shares = append(row.Shares, v/100)
		}
		mix.Rows = append(mix.Rows, row)
	}
	if b.own != nil {
		add(b.live.Me.Name+" (you)", "", *b.own, true)
	}
	l.NearRows = view.Table{Caption: "Nearest neighbours, the nearest first", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Council"}, {Text: "Alike in"}, {Text: "Unlike in"}, {Text: "Digital share", Numeric: true}, {Text: "Contacts per 1,000", Numeric: true}}}
	for _, n := range b.live.Nearest {
		var part *baseline.Part
		if n.Shared != nil {
			part = &n.Shared.Part
			add(n.Council.Name, "/councils/"+n.Council.GSS, *part, false)
		}
		l.NearRows.Rows = append(l.NearRows.Rows, []view.Cell{{Text: n.Council.Label(), Href: "/councils/" + n.Council.GSS, Note: nearWords(n.Council)},
			listCell(n.Alike), listCell(n.Unlike), sharedCell(part, baseline.Digital), sharedCell(part, baseline.Rate)})
	}
	if len(mix.Rows) > 1 || b.own == nil && len(mix.Rows) > 0 {
		l.Near = newFigure(mix.Draw(), "")
	}
}

func nearWords(c *catalogue.Council) string {
	return c.Type + ", " + view.Number(c.Population) + " residents"
}

func listCell(words []string) view.Cell {
	if len(words) == 0 {
		return view.Cell{Text: "nothing", Muted: true}
	}
	return view.Cell{Text: view.Sentence(words)}
}

func sharedCell(p *baseline.Part, m baseline.Measure) view.Cell {
	if p != nil {
		if v, ok := p.Of(m); ok {
			return view.Cell{Text: measured(m, v), Numeric: true}
		}
	}
	return view.Cell{Text: "not shared", Muted: true, Numeric: true}
}

// fillPlatformFigures lists what councils that run a platform for the service return.
func (s *site) fillPlatformFigures(l *liveBlock, b serviceBaseline) {
	l.Platforms = view.Table{Caption: "Digital share by platform", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Councils on"}, {Text: "Digital share, median", Numeric: true}, {Text: "Middle half", Numeric: true}, {Text: "Councils", Numeric: true}}}
	few, councils := 0, 0
	for _, p := range b.live.Platforms {
		if p.Digital.N == 0 {
			few, councils = few+1, max(councils, p.Councils)
			continue
		}
		half := view.Cell{Text: notSaid, Muted: true, Numeric: true}
		if p.Digital.Quartiles() {
			half = view.Cell{Text: measured(baseline.Digital, *p.Digital.Lower) + " to " + measured(baseline.Digital, *p.Digital.Upper), Numeric: true}
		}
		l.Platforms.Rows = append(l.Platforms.Rows, []view.Cell{{Text: marked(p.Platform.Name, p.Platform.Demonstration), Href: pagePath(catalogue.KindPlatform, p.Platform.ID)},
			{Text: measured(baseline.Digital, *p.Digital.Median), Numeric: true}, half, {Text: view.Number(p.Digital.N), Numeric: true}})
	}
	if few > 0 {
		l.Silent = fmt.Sprintf("%s fewer than %s councils that share figures: too few to say anything.", view.Plural(few, "more platform has", "more platforms have"), inWords(catalogue.EnoughForPlatform))
		if len(l.Platforms.Rows) == 0 {
			l.Silent = fmt.Sprintf("Councils that share figures run %s for this service, each at fewer than %s of them: too few to say anything.", view.Plural(few, "platform", "platforms"), inWords(catalogue.EnoughForPlatform))
		}
	}
}
