package web

import (
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/web/view"
)

// planReport shows the plan as a paper: to print, and to argue a budget from.
func (s *site) planReport(c *gin.Context, who visitor) error {
	d, err := s.planDocument(c)
	if err != nil {
		return err
	}
	p := paperPage{Page: s.page(c, who, "/evidence", d.Title), Doc: d, Sections: paperSections(d), Back: view.Link{Text: "The plan as it stands", Href: s.BaseURL + "/plan"},
		File: view.Link{Text: "Open it in Word or LibreOffice (.docx)", Href: "/plan/report.docx"}}
	p.Crumbs = planCrumbs("Report")
	return s.show(c, who, http.StatusOK, "paper", p)
}

func (s *site) planReportDocx(c *gin.Context, who visitor) error {
	d, err := s.planDocument(c)
	if err != nil {
		return err
	}
	return s.sendDocx(c, who, d, "plan-report")
}

func (s *site) planFiguresCSV(c *gin.Context, who visitor) error {
	return s.planFile(c, who, "csv", "text/csv; charset=utf-8", exchange.PlanCSV)
}

func (s *site) planFiguresJSON(c *gin.Context, who visitor) error {
	return s.planFile(c, who, "json", "application/json; charset=utf-8", exchange.PlanJSON)
}

// planFile sends the figures of the plan that anybody may know, whoever asks.
func (s *site) planFile(c *gin.Context, who visitor, ending, mime string, write func(io.Writer, exchange.PlanFile) error) error {
	v, err := s.Catalogue.PlanView(c, catalogue.Anonymous())
	if err != nil {
		return err
	}
	e, err := s.Catalogue.PlanEvidence(c)
	if err != nil {
		return err
	}
	buf := buffers.get()
	defer buffers.put(buf)
	if err := write(buf, exchange.NewPlanFile(v, e, catalogue.DateOf(s.Catalogue.Today()), strings.TrimSuffix(s.BaseURL, "/"))); err != nil {
		return err
	}
	if err := s.attachment(c, who, "jointly-plan-figures."+ending); err != nil {
		return err
	}
	c.Data(http.StatusOK, mime, buf.Bytes())
	return nil
}

// planDocument is the plan as everybody reads it, whoever asks: a report that is passed on holds no draft.
func (s *site) planDocument(c *gin.Context) (exchange.Document, error) {
	v, err := s.Catalogue.PlanView(c, catalogue.Anonymous())
	if err != nil {
		return exchange.Document{}, err
	}
	d := exchange.Document{Title: "The plan for local online services", For: "For whoever decides on budgets", Draft: "As published in Jointly on " + view.Day(s.Catalogue.Now()) + "."}
	if hasInvented(v) {
		d.Title = marked(d.Title, true)
		d.Draft += " What is marked (demonstration) rests on invented councils."
	}
	section(&d, "recommendations", "What is recommended", planRecommendations(v)...)
	for _, need := range catalogue.CallNeeds() {
		section(&d, string(need), "Found: "+lowerFirst(callNeedTitle(need)), s.planFindings(v, need)...)
	}
	evidence, err := s.planEvidence(c)
	if err != nil {
		return exchange.Document{}, err
	}
	evidence.sections(&d)
	results := newPlanResults(v)
	blocks := []exchange.Block{{Grid: gridOf(results.Groups)}, {Grid: gridOf(results.Savings)}}
	for _, note := range results.Notes {
		blocks = append(blocks, said(note))
	}
	if results.Cite != "" {
		blocks = append(blocks, said("Cite the figures as: "+results.Cite+"."))
	}
	section(&d, "results", "What came of buying together", blocks...)
	return d, nil
}

// hasInvented says that a part of the plan is of the demonstration: the front of the report says so.
func hasInvented(v *catalogue.PlanView) bool {
	return v.Invented || slices.ContainsFunc(v.Findings, func(f *catalogue.PlanFinding) bool { return f.Demonstration }) ||
		slices.ContainsFunc(v.Recommendations, func(r *catalogue.Recommendation) bool { return r.Demonstration })
}

func planRecommendations(v *catalogue.PlanView) []exchange.Block {
	if len(v.Recommendations) == 0 {
		return []exchange.Block{said("Nothing is recommended yet.")}
	}
	title := map[string]string{}
	for _, f := range v.Findings {
		title[f.ID] = marked(f.Title, f.Demonstration)
	}
	blocks := []exchange.Block{{Grid: gridOf(recommendationTable(v.Recommendations, v.Leads))}}
	for _, r := range v.Recommendations {
		blocks = append(blocks, said(marked(r.Title, r.Demonstration)+"."))
		var points []string
		if r.What != "" {
			points = append(points, r.What)
		}
		for _, id := range r.Findings {
			if title[id] != "" {
				points = append(points, "Follows from: "+title[id])
			}
		}
		if n := len(r.Progress); n > 0 {
			points = append(points, "As of "+view.Day(r.Progress[n-1].On)+": "+r.Progress[n-1].Text)
		}
		blocks = append(blocks, listed(points...))
	}
	return blocks
}

func (s *site) planFindings(v *catalogue.PlanView, need catalogue.CallNeed) []exchange.Block {
	blocks := []exchange.Block{said(callNeedText(need))}
	found := false
	for _, f := range v.Findings {
		if f.Need != need || f.State != catalogue.PlanPublished {
			continue
		}
		found = true
		blocks = append(blocks, said(marked(f.Title, f.Demonstration)+"."))
		if f.Text != "" {
			blocks = append(blocks, said(f.Text))
		}
		g := &exchange.Grid{Caption: "Evidence for: " + f.Title, Head: []string{"Evidence", "What it shows", "Where"}}
		for _, e := range f.Evidence {
			g.Rows = append(g.Rows, []string{e.Title, e.Says, s.BaseURL + e.Path})
		}
		blocks = append(blocks, exchange.Block{Grid: g})
	}
	if !found {
		blocks = append(blocks, said("No finding is drawn yet."))
	}
	return blocks
}

// gridOf is a page's table as a paper has it: texts with their notes.
func gridOf(t view.Table) *exchange.Grid {
	g := &exchange.Grid{Caption: t.Caption}
	for _, h := range t.Head {
		g.Head, g.Numeric = append(g.Head, h.Text), append(g.Numeric, h.Numeric)
	}
	for _, row := range t.Rows {
		var texts []string
		for _, cell := range row {
			text := cell.Text
			if cell.Tag != nil {
				text += cell.Tag.Text
			}
			if cell.Note != "" {
				text += " (" + cell.Note + ")"
			}
			texts = append(texts, text)
		}
		g.Rows = append(g.Rows, texts)
	}
	return g
}
