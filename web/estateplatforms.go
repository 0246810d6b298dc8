package web

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// estatePlatformsPage asks in one sitting what a council runs.
type estatePlatformsPage struct {
	view.Page
	Caption string
	Areas   []runningArea
	Had     []string // platforms that the council has said it runs: unticked, they go
	Seen    []string // platforms that only a public record shows
	Save    view.Button
}

// runningArea is one area, open where something in it is suggested.
type runningArea struct {
	Fold  view.Details
	Boxes []view.Checkboxes // one for each thing that platforms are for
}

func (s *site) estatePlatforms(c *gin.Context, who visitor) error {
	if err := mayRecord(who.actor); err != nil {
		return err
	}
	r, err := s.Catalogue.Running(c, who.actor)
	if err != nil {
		return err
	}
	p := estatePlatformsPage{Page: s.page(c, who, "/estate", "What we run"), Caption: r.Council.Label(), Save: view.Button{Text: "Save what we run", PreventDoubleClick: true}}
	for _, a := range r.Areas {
		area := runningArea{Fold: view.Details{Summary: a.Area.Name, Open: a.Open > 0}}
		if a.Open > 0 {
			area.Fold.Summary += ": " + view.Number(a.Open) + " ticked already"
		}
		for _, f := range a.For {
			boxes := view.Checkboxes{ID: "for-" + f.Capability.ID, Name: "platform", Classes: "govuk-checkboxes--small", Legend: &view.Legend{Text: f.Capability.Name, Classes: "govuk-fieldset__legend--s"}}
			for _, row := range f.Rows {
				boxes.Choices = append(boxes.Choices, view.Choice{Value: row.Platform.ID, Text: marked(row.Platform.Name, row.Platform.Demonstration), Hint: whySuggested(row), Checked: row.Suggested()})
				switch {
				case row.Own():
					p.Had = append(p.Had, row.Platform.ID)
				case row.Use != nil:
					p.Seen = append(p.Seen, row.Platform.ID)
				}
			}
			area.Boxes = append(area.Boxes, boxes)
		}
		p.Areas = append(p.Areas, area)
	}
	p.Crumbs = estateCrumbs(p.Title)
	return s.show(c, who, http.StatusOK, "estate-platforms", p)
}

// whySuggested is why a platform is ticked already; empty where it is not.
func whySuggested(row catalogue.RunningRow) string {
	switch {
	case row.Own():
		return "your council confirmed it on " + view.Day(row.Use.Confirmed)
	case row.Contract != nil:
		return "named in your contract ‘" + row.Contract.Title + "’"
	case row.Use != nil:
		return "seen in a public record: " + lowerFirst(howWeKnow(row.Use.Source)) + ", " + dateOrNot(row.Use.Source.Date)
	}
	return ""
}

// savePlatforms stores what is ticked, and takes back what was ticked before and is not now.
func (s *site) savePlatforms(c *gin.Context, who visitor) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	ticked := values["platform"]
	unticked := func(ids []string) []string {
		return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(ticked, id) })
	}
	done, err := s.Catalogue.RunPlatforms(c, who.actor, ticked, unticked(values["had"]))
	if err != nil {
		return err
	}
	words := view.Plural(len(ticked)-len(done.Wrong), "platform is", "platforms are") + " confirmed."
	if n := len(unticked(values["had"])); n > 0 {
		words += " " + view.Plural(n, "is", "are") + " no longer said to be run."
	}
	if n := len(unticked(values["seen"])); n > 0 {
		words += " " + view.Plural(n, "that only a public record shows is", "that only public records show are") + " left as found."
	}
	if n := len(done.Wrong); n > 0 {
		words += " " + view.Plural(n, "was", "were") + " not saved: no such platform is listed any more."
	}
	who.session.set("flash", words)
	return s.redirect(c, who, "/estate/platforms/known")
}

// knownPlatformsPage asks what others should know of each platform that a council runs.
type knownPlatformsPage struct {
	view.Page
	Rows []knownPlatform
	Save view.Button
}

// knownPlatform is one use: since when, what to know, who would talk.
type knownPlatform struct {
	ID, Name, Href string
	Since          view.DateInput
	Advice         view.Textarea
	Talk           view.Checkboxes
}

func (s *site) knownPlatforms(c *gin.Context, who visitor) error {
	return s.showKnown(c, who, http.StatusOK, nil, nil)
}

// showKnown shows the form; said (nil: nothing) is what was typed, and wrong what is wrong with it, by use.
func (s *site) showKnown(c *gin.Context, who visitor, status int, said *typed, wrong map[string]error) error {
	if err := mayRecord(who.actor); err != nil {
		return err
	}
	uses, err := s.Catalogue.OwnUses(c, who.actor)
	if err != nil {
		return err
	}
	p := knownPlatformsPage{Page: s.page(c, who, "/estate", "What others should know"), Save: view.Button{Text: "Save", PreventDoubleClick: true}}
	for _, u := range uses {
		row := knownPlatform{ID: u.ID, Name: u.Platform.Name, Href: pagePath(catalogue.KindPlatform, u.Platform.ID),
			Since:  view.DateInput{Name: "since-" + u.ID, MonthOnly: true, Legend: &view.Legend{Text: "Since when? (optional)"}, Error: fieldError(wrong[u.ID], "since")},
			Advice: view.Textarea{Name: "advice-" + u.ID, Rows: 2, Label: view.Label{Text: "What should others know before they buy? (optional)"}, Value: u.Advice, Error: fieldError(wrong[u.ID], "advice")},
			Talk:   view.Checkboxes{Name: "talk-" + u.ID, Classes: "govuk-checkboxes--small", Choices: []view.Choice{{Value: "yes", Text: "We are willing to talk to other councils about it", Checked: u.WillTalk}}}}
		row.Since.Month, row.Since.Year = monthAndYear(u.Since)
		if said != nil && slices.Contains(said.Values["use"], u.ID) {
			since := said.dateParts("since-" + u.ID)
			row.Since.Month, row.Since.Year = since.Month, since.Year
			row.Advice.Value, row.Talk.Choices[0].Checked = said.text("advice-"+u.ID), said.Get("talk-"+u.ID) != ""
		}
		if row.Since.Error != "" {
			p.Errors = append(p.Errors, view.ErrorLink{Text: row.Name + ": " + lowerFirst(row.Since.Error), Href: "#since-" + u.ID + "-month"})
		}
		if row.Advice.Error != "" {
			p.Errors = append(p.Errors, view.ErrorLink{Text: row.Name + ": " + lowerFirst(row.Advice.Error), Href: "#advice-" + u.ID})
		}
		p.Rows = append(p.Rows, row)
	}
	p.Crumbs = estateCrumbs(p.Title)
	return s.show(c, who, status, "known-platforms", p)
}

// saveKnown stores what is good, and shows the rest again with what was typed.
func (s *site) saveKnown(c *gin.Context, who visitor) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	t := &typed{Values: values}
	words, wrong := map[string]catalogue.UseWord{}, map[string]error{}
	for _, id := range values["use"] {
		since, problem := t.dateParts("since-" + id).readYear()
		if problem != "" {
			wrong[id] = &catalogue.Error{Kind: catalogue.Invalid, Fields: []catalogue.FieldError{{Field: "since", Message: "The date " + problem}}}
			continue
		}
		words[id] = catalogue.UseWord{Since: since, Advice: t.text("advice-" + id), WillTalk: t.Get("talk-"+id) != ""}
	}
	done, err := s.Catalogue.TellOfUses(c, who.actor, words)
	if err != nil {
		return err
	}
	if wrong = joinedWrong(wrong, done.Wrong); len(wrong) > 0 {
		return s.showKnown(c, who, http.StatusBadRequest, t, wrong)
	}
	who.session.set("flash", "Thank you. Councils that look at these platforms see what you said.")
	return s.redirect(c, who, "/estate")
}
