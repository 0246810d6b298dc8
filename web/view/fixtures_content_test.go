package view_test

import (
	"fmt"

	"jointly/web/view"
)

// How the options of the official fixtures for content and navigation map to our types.

func readInset(raw []byte) (drawing, error) {
	o, err := options[struct {
		ID      string `json:"id"`
		Text    text   `json:"text"`
		Classes string `json:"classes"`
	}](raw)
	return drawing{"govukInsetText", view.Inset{ID: o.ID, Text: string(o.Text), Classes: o.Classes}}, err
}

func readWarning(raw []byte) (drawing, error) {
	o, err := options[struct {
		Text     text   `json:"text"`
		Fallback string `json:"iconFallbackText"`
		Classes  string `json:"classes"`
	}](raw)
	if err == nil && o.Fallback != "" && o.Fallback != "Warning" {
		err = fmt.Errorf("%w: iconFallbackText", errUnsupported)
	}
	return drawing{"govukWarningText", view.Warning{Text: string(o.Text), Classes: o.Classes}}, err
}

func readNotification(raw []byte) (drawing, error) {
	o, err := options[struct {
		Title   text   `json:"titleText"`
		TitleID string `json:"titleId"`
		Text    text   `json:"text"`
		Type    string `json:"type"`
		Classes string `json:"classes"`
	}](raw)
	if err == nil && o.Text == flattened {
		err = fmt.Errorf("%w: HTML has no paragraph around it", errUnsupported)
	}
	return drawing{"govukNotificationBanner", view.Notification{
		Title: string(o.Title), TitleID: o.TitleID, Text: string(o.Text), Success: o.Type == "success", Classes: o.Classes,
	}}, err
}

type tagOption struct {
	Text    text   `json:"text"`
	Classes string `json:"classes"`
}

func (t tagOption) tag() view.Tag { return view.Tag{Text: string(t.Text), Classes: t.Classes} }

func readTag(raw []byte) (drawing, error) {
	o, err := options[tagOption](raw)
	return drawing{"govukTag", o.tag()}, err
}

func readPhaseBanner(raw []byte) (drawing, error) {
	o, err := options[struct {
		Tag     tagOption `json:"tag"`
		Text    text      `json:"text"`
		Classes string    `json:"classes"`
	}](raw)
	return drawing{"govukPhaseBanner", view.PhaseBanner{Tag: o.Tag.tag(), Text: string(o.Text), Classes: o.Classes}}, err
}

func readDetails(raw []byte) (drawing, error) {
	o, err := options[struct {
		ID      string `json:"id"`
		Summary text   `json:"summaryText"`
		Text    text   `json:"text"`
		Open    bool   `json:"open"`
		Classes string `json:"classes"`
	}](raw)
	return drawing{"govukDetails", view.Details{
		ID: o.ID, Summary: string(o.Summary), Text: string(o.Text), Open: o.Open, Classes: o.Classes,
	}}, err
}

func readTable(raw []byte) (drawing, error) {
	type cell struct {
		Text    text   `json:"text"`
		Format  string `json:"format"`
		Classes string `json:"classes"`
		Colspan int    `json:"colspan"`
		Rowspan int    `json:"rowspan"`
	}
	o, err := options[struct {
		Caption           text             `json:"caption"`
		CaptionClasses    string           `json:"captionClasses"`
		Head              []cell           `json:"head"`
		Rows              list[list[cell]] `json:"rows"`
		FirstCellIsHeader bool             `json:"firstCellIsHeader"`
		Classes           string           `json:"classes"`
	}](raw)
	t := view.Table{
		Caption: string(o.Caption), CaptionClasses: o.CaptionClasses, FirstCellIsHeader: o.FirstCellIsHeader, Classes: o.Classes,
	}
	for _, h := range o.Head {
		t.Head = append(t.Head, view.Head{
			Text: string(h.Text), Numeric: h.Format == "numeric", Classes: h.Classes, Colspan: h.Colspan, Rowspan: h.Rowspan,
		})
	}
	for _, r := range o.Rows {
		var row []view.Cell
		for _, c := range r {
			row = append(row, view.Cell{
				Text: string(c.Text), Numeric: c.Format == "numeric", Classes: c.Classes, Colspan: c.Colspan, Rowspan: c.Rowspan,
			})
		}
		t.Rows = append(t.Rows, row)
	}
	return drawing{"govukTable", t}, err
}

func readSummaryList(raw []byte) (drawing, error) {
	o, err := options[struct {
		Rows list[struct {
			Key     textOption `json:"key"`
			Value   textOption `json:"value"`
			Classes string     `json:"classes"`
			Actions struct {
				Items []struct {
					Href   string `json:"href"`
					Text   text   `json:"text"`
					Hidden string `json:"visuallyHiddenText"`
				} `json:"items"`
			} `json:"actions"`
		}] `json:"rows"`
		Classes string `json:"classes"`
	}](raw)
	l := view.SummaryList{Classes: o.Classes}
	for _, r := range o.Rows {
		row := view.SummaryRow{Key: string(r.Key.Text), Value: string(r.Value.Text), Classes: r.Classes}
		for _, a := range r.Actions.Items {
			row.Actions = append(row.Actions, view.Link{Text: string(a.Text), Href: a.Href, Hidden: a.Hidden})
		}
		l.Rows = append(l.Rows, row)
	}
	return drawing{"govukSummaryList", l}, err
}

func readTaskList(raw []byte) (drawing, error) {
	o, err := options[struct {
		IDPrefix string `json:"idPrefix"`
		Items    list[struct {
			Title  textOption  `json:"title"`
			Href   string      `json:"href"`
			Hint   *textOption `json:"hint"`
			Status struct {
				Text    text       `json:"text"`
				Tag     *tagOption `json:"tag"`
				Classes string     `json:"classes"`
			} `json:"status"`
		}] `json:"items"`
		Classes string `json:"classes"`
	}](raw)
	l := view.TaskList{IDPrefix: o.IDPrefix, Classes: o.Classes}
	for _, i := range o.Items {
		task := view.Task{Text: string(i.Title.Text), Href: i.Href, Status: string(i.Status.Text), StatusClasses: i.Status.Classes}
		if i.Hint != nil {
			task.Hint = string(i.Hint.Text)
		}
		if i.Status.Tag != nil {
			tag := i.Status.Tag.tag()
			task.Tag = &tag
		}
		l.Tasks = append(l.Tasks, task)
	}
	return drawing{"govukTaskList", l}, err
}

func readHeader(raw []byte) (drawing, error) {
	o, err := options[struct {
		Text    text   `json:"logoText"`
		URL     string `json:"url"`
		Classes string `json:"classes"`
	}](raw)
	href := o.URL
	if href == "" {
		href = "/"
	}
	return drawing{"govukHeader", view.Header{Text: string(o.Text), Href: href, Classes: o.Classes}}, err
}

func readSkipLink(raw []byte) (drawing, error) {
	o, err := options[struct {
		Text    text   `json:"text"`
		Href    string `json:"href"`
		Classes string `json:"classes"`
	}](raw)
	href := o.Href
	if href == "" {
		href = "#content"
	}
	return drawing{"govukSkipLink", view.SkipLink{Text: string(o.Text), Href: href, Classes: o.Classes}}, err
}

func readBackLink(raw []byte) (drawing, error) {
	o, err := options[struct {
		Text    text   `json:"text"`
		Href    string `json:"href"`
		Classes string `json:"classes"`
	}](raw)
	href := o.Href
	if href == "" {
		href = "#"
	}
	return drawing{"govukBackLink", view.BackLink{Text: string(o.Text), Href: href, Classes: o.Classes}}, err
}

func readBreadcrumbs(raw []byte) (drawing, error) {
	o, err := options[struct {
		Items []struct {
			Text text   `json:"text"`
			Href string `json:"href"`
		} `json:"items"`
		CollapseOnMobile bool   `json:"collapseOnMobile"`
		Classes          string `json:"classes"`
	}](raw)
	b := view.Breadcrumbs{CollapseOnMobile: o.CollapseOnMobile, Classes: o.Classes}
	for _, i := range o.Items {
		b.Items = append(b.Items, view.Crumb{Text: string(i.Text), Href: i.Href})
	}
	return drawing{"govukBreadcrumbs", b}, err
}

func readServiceNavigation(raw []byte) (drawing, error) {
	o, err := options[struct {
		Items list[struct {
			Text    text   `json:"text"`
			Href    string `json:"href"`
			Current bool   `json:"current"`
			Active  bool   `json:"active"`
		}] `json:"navigation"`
		Label   string `json:"navigationLabel"`
		Classes string `json:"classes"`
	}](raw)
	n := view.ServiceNavigation{Label: o.Label, Classes: o.Classes}
	for _, i := range o.Items {
		n.Items = append(n.Items, view.NavItem{Text: string(i.Text), Href: i.Href, Current: i.Current, Active: i.Active})
	}
	return drawing{"govukServiceNavigation", n}, err
}

func readPagination(raw []byte) (drawing, error) {
	type link struct {
		Text  text   `json:"text"`
		Label text   `json:"labelText"`
		Href  string `json:"href"`
	}
	page := func(l *link) *view.PageLink {
		if l == nil {
			return nil
		}
		return &view.PageLink{Text: string(l.Text), Label: string(l.Label), Href: l.Href}
	}
	o, err := options[struct {
		Previous *link `json:"previous"`
		Next     *link `json:"next"`
		Items    list[struct {
			Number   text   `json:"number"`
			Href     string `json:"href"`
			Current  bool   `json:"current"`
			Ellipsis bool   `json:"ellipsis"`
			Label    string `json:"visuallyHiddenText"`
		}] `json:"items"`
		Label   string `json:"landmarkLabel"`
		Classes string `json:"classes"`
	}](raw)
	p := view.Pagination{Previous: page(o.Previous), Next: page(o.Next), Label: o.Label, Classes: o.Classes}
	for _, i := range o.Items {
		p.Items = append(p.Items, view.PageNumber{
			Number: string(i.Number), Href: i.Href, Current: i.Current, Ellipsis: i.Ellipsis, Label: i.Label,
		})
	}
	return drawing{"govukPagination", p}, err
}
