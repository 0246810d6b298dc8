package view_test

import (
	"fmt"

	"jointly/web/view"
)

// How the options of the official fixtures for fields map to our types.

type textOption struct {
	Text text `json:"text"`
}

type labelOption struct {
	Text        text   `json:"text"`
	Classes     string `json:"classes"`
	PageHeading bool   `json:"isPageHeading"`
}

func (l labelOption) label() view.Label {
	return view.Label{Text: string(l.Text), Classes: l.Classes, PageHeading: l.PageHeading}
}

type fieldsetOption struct {
	Legend      labelOption `json:"legend"`
	DescribedBy string      `json:"describedBy"`
	Classes     string      `json:"classes"`
}

func (f *fieldsetOption) legend() *view.Legend {
	if f == nil {
		return nil
	}
	return &view.Legend{Text: string(f.Legend.Text), Classes: f.Legend.Classes, PageHeading: f.Legend.PageHeading}
}

// groupOption is what the fixtures of all fields share.
type groupOption struct {
	ID           string      `json:"id"`
	Name         string      `json:"name"`
	Label        labelOption `json:"label"`
	Hint         textOption  `json:"hint"`
	ErrorMessage textOption  `json:"errorMessage"`
	DescribedBy  string      `json:"describedBy"`
	Classes      string      `json:"classes"`
	FormGroup    struct {
		Classes string `json:"classes"`
	} `json:"formGroup"`
	Disabled bool `json:"disabled"`
}

func spellcheck(b *bool) string {
	if b == nil {
		return ""
	}
	return fmt.Sprint(*b)
}

func readInput(raw []byte) (drawing, error) {
	o, err := options[struct {
		groupOption
		Value          text       `json:"value"`
		Type           string     `json:"type"`
		InputMode      string     `json:"inputmode"`
		Autocomplete   string     `json:"autocomplete"`
		Autocapitalize string     `json:"autocapitalize"`
		Pattern        string     `json:"pattern"`
		Spellcheck     *bool      `json:"spellcheck"`
		Prefix         textOption `json:"prefix"`
		Suffix         textOption `json:"suffix"`
	}](raw)
	return drawing{"govukInput", view.Input{
		ID: o.ID, Name: o.Name, Label: o.Label.label(), Hint: string(o.Hint.Text), Error: string(o.ErrorMessage.Text),
		Value: string(o.Value), Type: o.Type, InputMode: o.InputMode, Autocomplete: o.Autocomplete,
		Autocapital: o.Autocapitalize, Pattern: o.Pattern, Spellcheck: spellcheck(o.Spellcheck),
		Prefix: string(o.Prefix.Text), Suffix: string(o.Suffix.Text), DescribedBy: o.DescribedBy, Classes: o.Classes,
		GroupClasses: o.FormGroup.Classes, Disabled: o.Disabled,
	}}, err
}

func readTextarea(raw []byte) (drawing, error) {
	o, err := options[struct {
		groupOption
		Value        text   `json:"value"`
		Rows         int    `json:"rows"`
		Autocomplete string `json:"autocomplete"`
		Spellcheck   *bool  `json:"spellcheck"`
	}](raw)
	return drawing{"govukTextarea", view.Textarea{
		ID: o.ID, Name: o.Name, Label: o.Label.label(), Hint: string(o.Hint.Text), Error: string(o.ErrorMessage.Text),
		Value: string(o.Value), Rows: o.Rows, Autocomplete: o.Autocomplete, Spellcheck: spellcheck(o.Spellcheck),
		DescribedBy: o.DescribedBy, Classes: o.Classes, GroupClasses: o.FormGroup.Classes, Disabled: o.Disabled,
	}}, err
}

func readSelect(raw []byte) (drawing, error) {
	o, err := options[struct {
		groupOption
		Value text `json:"value"`
		Items list[struct {
			Value    *text `json:"value"`
			Text     text  `json:"text"`
			Selected *bool `json:"selected"`
			Disabled bool  `json:"disabled"`
		}] `json:"items"`
	}](raw)
	if err != nil {
		return drawing{}, err
	}
	var items []view.Option
	for _, i := range o.Items {
		if i.Value == nil {
			return drawing{}, fmt.Errorf("%w: an option without a value", errUnsupported)
		}
		selected := o.Value != "" && *i.Value == o.Value
		if i.Selected != nil {
			selected = *i.Selected
		}
		items = append(items, view.Option{Value: string(*i.Value), Text: string(i.Text), Selected: selected, Disabled: i.Disabled})
	}
	return drawing{"govukSelect", view.Select{
		ID: o.ID, Name: o.Name, Label: o.Label.label(), Hint: string(o.Hint.Text), Error: string(o.ErrorMessage.Text),
		Options: items, DescribedBy: o.DescribedBy, Classes: o.Classes, GroupClasses: o.FormGroup.Classes, Disabled: o.Disabled,
	}}, nil
}

func readFileUpload(raw []byte) (drawing, error) {
	o, err := options[struct {
		groupOption
		Value    text `json:"value"` // no browser takes one; the official template ignores it
		Multiple bool `json:"multiple"`
	}](raw)
	return drawing{"govukFileUpload", view.FileUpload{
		ID: o.ID, Name: o.Name, Label: o.Label.label(), Hint: string(o.Hint.Text), Error: string(o.ErrorMessage.Text),
		DescribedBy: o.DescribedBy, Classes: o.Classes, GroupClasses: o.FormGroup.Classes, Disabled: o.Disabled,
		Multiple: o.Multiple,
	}}, err
}

// choiceOption is a radio button or a checkbox of a fixture.
type choiceOption struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	Value       text       `json:"value"`
	Text        text       `json:"text"`
	Hint        textOption `json:"hint"`
	Divider     text       `json:"divider"`
	Behaviour   string     `json:"behaviour"`
	Checked     *bool      `json:"checked"`
	Disabled    bool       `json:"disabled"`
	Conditional struct {
		HTML text `json:"html"`
	} `json:"conditional"`
}

func choices(items []choiceOption, chosen ...text) ([]view.Choice, error) {
	var out []view.Choice
	for _, i := range items {
		if h := i.Conditional.HTML; h != "" && h != "false" {
			return nil, fmt.Errorf("%w: conditional HTML", errUnsupported)
		}
		checked := false
		for _, v := range chosen {
			checked = checked || v != "" && v == i.Value
		}
		if i.Checked != nil {
			checked = *i.Checked
		}
		out = append(out, view.Choice{
			ID: i.ID, Name: i.Name, Value: string(i.Value), Text: string(i.Text), Hint: string(i.Hint.Text),
			Divider: string(i.Divider), Exclusive: i.Behaviour == "exclusive", Checked: checked, Disabled: i.Disabled,
		})
	}
	return out, nil
}

func readRadios(raw []byte) (drawing, error) {
	o, err := options[struct {
		groupOption
		IDPrefix string             `json:"idPrefix"`
		Value    text               `json:"value"`
		Fieldset *fieldsetOption    `json:"fieldset"`
		Items    list[choiceOption] `json:"items"`
	}](raw)
	if err != nil {
		return drawing{}, err
	}
	items, err := choices(o.Items, o.Value)
	r := view.Radios{
		ID: o.IDPrefix, Name: o.Name, Legend: o.Fieldset.legend(), Hint: string(o.Hint.Text),
		Error: string(o.ErrorMessage.Text), Choices: items, Classes: o.Classes, GroupClasses: o.FormGroup.Classes,
	}
	if o.Fieldset != nil {
		r.DescribedBy, r.LegendBox = o.Fieldset.DescribedBy, o.Fieldset.Classes
	}
	return drawing{"govukRadios", r}, err
}

func readCheckboxes(raw []byte) (drawing, error) {
	o, err := options[struct {
		groupOption
		IDPrefix string             `json:"idPrefix"`
		Values   []text             `json:"values"`
		Fieldset *fieldsetOption    `json:"fieldset"`
		Items    list[choiceOption] `json:"items"`
	}](raw)
	if err != nil {
		return drawing{}, err
	}
	items, err := choices(o.Items, o.Values...)
	c := view.Checkboxes{
		ID: o.IDPrefix, Name: o.Name, Legend: o.Fieldset.legend(), Hint: string(o.Hint.Text),
		Error: string(o.ErrorMessage.Text), Choices: items, DescribedBy: o.DescribedBy, Classes: o.Classes,
		GroupClasses: o.FormGroup.Classes,
	}
	if o.Fieldset != nil {
		c.LegendBox = o.Fieldset.Classes
		if o.Fieldset.DescribedBy != "" {
			c.DescribedBy = o.Fieldset.DescribedBy
		}
	}
	return drawing{"govukCheckboxes", c}, err
}

func readFieldset(raw []byte) (drawing, error) {
	o, err := options[struct {
		fieldsetOption
		Role string `json:"role"`
	}](raw)
	return drawing{"fieldset", view.Fieldset{
		Legend: *o.legend(), DescribedBy: o.DescribedBy, Role: o.Role, Classes: o.Classes,
	}}, err
}

// partOption is one control of a date; the option false leaves the control out.
type partOption struct {
	Error  *bool
	absent bool
}

func (p *partOption) UnmarshalJSON(b []byte) error {
	if string(b) == "false" {
		p.absent = true
		return nil
	}
	o, err := options[struct {
		Error *bool `json:"error"`
	}](b)
	p.Error = o.Error
	return err
}

func readDateInput(raw []byte) (drawing, error) {
	o, err := options[struct {
		groupOption
		NamePrefix string          `json:"namePrefix"`
		Values     map[string]text `json:"values"`
		Fieldset   *fieldsetOption `json:"fieldset"`
		Day        partOption      `json:"day"`
		Month      partOption      `json:"month"`
		Year       partOption      `json:"year"`
	}](raw)
	if err == nil && (o.Month.absent || o.Year.absent) {
		err = fmt.Errorf("%w: a date without a month or year", errUnsupported)
	}
	if err != nil {
		return drawing{}, err
	}
	value := func(part string) string {
		if o.NamePrefix != "" {
			part = o.NamePrefix + "-" + part
		}
		return string(o.Values[part])
	}
	d := view.DateInput{
		ID: o.ID, Name: o.NamePrefix, Legend: o.Fieldset.legend(), Hint: string(o.Hint.Text),
		Error: string(o.ErrorMessage.Text), Day: value("day"), Month: value("month"), Year: value("year"),
		MonthOnly: o.Day.absent, Classes: o.Classes, GroupClasses: o.FormGroup.Classes,
	}
	if o.Fieldset != nil {
		d.DescribedBy = o.Fieldset.DescribedBy
	}
	var wrong, mayBe []string
	for _, p := range []struct {
		name string
		partOption
	}{{"day", o.Day}, {"month", o.Month}, {"year", o.Year}} {
		switch {
		case p.Error == nil:
			mayBe = append(mayBe, p.name)
		case *p.Error:
			wrong = append(wrong, p.name)
		}
	}
	switch {
	case len(wrong) > 0:
		d.ErrorOn = wrong
	case len(mayBe) < 3: // an error on all but those marked as right
		d.ErrorOn = mayBe
	}
	return drawing{"govukDateInput", d}, nil
}

func readButton(raw []byte) (drawing, error) {
	o, err := options[struct {
		Text               text   `json:"text"`
		Href               string `json:"href"`
		ID                 string `json:"id"`
		Name               string `json:"name"`
		Value              text   `json:"value"`
		Type               string `json:"type"`
		Classes            string `json:"classes"`
		Start              bool   `json:"isStartButton"`
		Disabled           bool   `json:"disabled"`
		PreventDoubleClick *bool  `json:"preventDoubleClick"`
	}](raw)
	if err == nil && o.PreventDoubleClick != nil && !*o.PreventDoubleClick {
		err = fmt.Errorf("%w: preventDoubleClick false", errUnsupported)
	}
	if err == nil && o.Start && o.Text == flattened {
		err = fmt.Errorf("%w: HTML in a start button has an element of its own", errUnsupported)
	}
	return drawing{"govukButton", view.Button{
		Text: string(o.Text), Href: o.Href, ID: o.ID, Name: o.Name, Value: string(o.Value), Type: o.Type,
		Classes: o.Classes, Start: o.Start, Disabled: o.Disabled, PreventDoubleClick: o.PreventDoubleClick != nil,
	}}, err
}

func readErrorMessage(raw []byte) (drawing, error) {
	o, err := options[struct {
		ID      string `json:"id"`
		Text    text   `json:"text"`
		Classes string `json:"classes"`
	}](raw)
	return drawing{"govukErrorMessage", view.ErrorMessage{ID: o.ID, Text: string(o.Text), Classes: o.Classes}}, err
}

func readErrorSummary(raw []byte) (drawing, error) {
	o, err := options[struct {
		Title       text `json:"titleText"`
		Description text `json:"descriptionText"`
		Errors      []struct {
			Text text   `json:"text"`
			Href string `json:"href"`
		} `json:"errorList"`
		Classes string `json:"classes"`
	}](raw)
	s := view.ErrorSummary{Title: string(o.Title), Description: string(o.Description), Classes: o.Classes}
	for _, e := range o.Errors {
		s.Errors = append(s.Errors, view.ErrorLink{Text: string(e.Text), Href: e.Href})
	}
	return drawing{"govukErrorSummary", s}, err
}
