package view

import "strconv"

// Radios, checkboxes, dates: fields of several controls, held together by a fieldset.

// Legend names a fieldset.
type Legend struct {
	Text        string
	Classes     string // such as govuk-fieldset__legend--m
	PageHeading bool   // the legend is the page's h1 as well
}

// Fieldset groups fields under a legend. Templates govukFieldsetOpen and govukFieldsetClose go around the fields.
type Fieldset struct {
	Legend      Legend
	DescribedBy string
	Role        string
	Classes     string
}

// Choice is one radio button or checkbox. Its ID is that of the whole field and its place, where none is given.
type Choice struct {
	ID          string
	Name        string // checkboxes only: another name than the field's
	Value       string
	Text        string
	Hint        string
	Count       string  // how many records the choice leaves, at the end of its line: facets
	Divider     string  // 'or': a line between choices instead of a choice
	Exclusive   bool    // checkboxes only: ticking it clears the others
	Conditional []Field // shown while it is chosen
	Checked     bool
	Disabled    bool
}

// Radios is one choice of a few; template govukRadios.
type Radios struct {
	ID, Name     string // ID is that of the first choice
	Legend       *Legend
	Hint         string
	Error        string
	Choices      []Choice
	DescribedBy  string
	Classes      string // govuk-radios--inline, govuk-radios--small
	GroupClasses string
	LegendBox    string // classes of the fieldset
}

// Intro is the field's hint and error.
func (f Radios) Intro() Intro { return Intro{f.FieldID(), nil, f.Hint, f.Error} }

// FieldID is the id of the first choice, which an error summary links to.
func (f Radios) FieldID() string { return either(f.ID, f.Name) }

// Fieldset is nil where there is no legend.
func (f Radios) Fieldset() *Fieldset {
	return fieldset(f.Legend, describes(f.FieldID(), f.DescribedBy, f.Hint, f.Error), "", f.LegendBox)
}

// Items is the choices, each with the ids and names that its elements need.
func (f Radios) Items() []ChoiceItem {
	return choiceItems("radios", "radio", f.FieldID(), f.Name, "", f.Choices)
}

// Checkboxes is any number of choices; template govukCheckboxes.
type Checkboxes struct {
	ID, Name     string // ID is that of the first choice
	Legend       *Legend
	Hint         string
	Error        string
	Choices      []Choice
	DescribedBy  string
	Classes      string // govuk-checkboxes--small
	GroupClasses string
	LegendBox    string // classes of the fieldset
}

// Intro is the field's hint and error.
func (f Checkboxes) Intro() Intro { return Intro{f.FieldID(), nil, f.Hint, f.Error} }

// FieldID is the id of the first choice, which an error summary links to.
func (f Checkboxes) FieldID() string { return either(f.ID, f.Name) }

// Fieldset is nil where there is no legend.
func (f Checkboxes) Fieldset() *Fieldset {
	return fieldset(f.Legend, describes(f.FieldID(), f.DescribedBy, f.Hint, f.Error), "", f.LegendBox)
}

// Items is the choices, each with the ids and names that its elements need.
func (f Checkboxes) Items() []ChoiceItem {
	alone := ""
	if f.Legend == nil {
		alone = describes(f.FieldID(), f.DescribedBy, f.Hint, f.Error)
	}
	return choiceItems("checkboxes", "checkbox", f.FieldID(), f.Name, alone, f.Choices)
}

// ChoiceItem is a Choice made ready to draw; the two components share its template.
type ChoiceItem struct {
	Choice
	Component string // radios or checkboxes
	Type      string // radio or checkbox
	alone     string // what describes the item where there is no fieldset
}

// HintID is the id of the item's hint.
func (c ChoiceItem) HintID() string { return c.ID + "-item-hint" }

// ConditionalID is the id of what the item shows while it is chosen.
func (c ChoiceItem) ConditionalID() string { return "conditional-" + c.ID }

// Describes lists the ids of what describes the item.
func (c ChoiceItem) Describes() string {
	switch {
	case c.Hint == "":
		return c.alone
	case c.alone == "":
		return c.HintID()
	}
	return c.alone + " " + c.HintID()
}

func choiceItems(component, typ, id, name, alone string, choices []Choice) []ChoiceItem {
	items := make([]ChoiceItem, len(choices))
	for i, c := range choices {
		if c.ID == "" {
			c.ID = id
			if i > 0 {
				c.ID += "-" + strconv.Itoa(i+1)
			}
		}
		c.Name = either(c.Name, name)
		items[i] = ChoiceItem{Choice: c, Component: component, Type: typ, alone: alone}
	}
	return items
}

func fieldset(l *Legend, describedBy, role, classes string) *Fieldset {
	if l == nil {
		return nil
	}
	return &Fieldset{Legend: *l, DescribedBy: describedBy, Role: role, Classes: classes}
}

// DateInput is a day, month and year, or a month and year; template govukDateInput. The controls' names are Name-day,
// Name-month and Name-year, and their ids the same with ID.
type DateInput struct {
	ID, Name         string
	Legend           *Legend
	Hint             string
	Error            string
	Day, Month, Year string   // what was typed
	MonthOnly        bool     // no day is asked for
	ErrorOn          []string // parts that are wrong: day, month, year; all where empty
	DescribedBy      string
	Classes          string
	GroupClasses     string
}

// Intro is the field's hint and error.
func (f DateInput) Intro() Intro { return Intro{f.FieldID(), nil, f.Hint, f.Error} }

// FieldID is the id of the box around the controls.
func (f DateInput) FieldID() string { return either(f.ID, f.Name) }

// Fieldset is nil where there is no legend.
func (f DateInput) Fieldset() *Fieldset {
	return fieldset(f.Legend, describes(f.FieldID(), f.DescribedBy, f.Hint, f.Error), "group", "")
}

// Parts is the controls, in order.
func (f DateInput) Parts() []Input {
	var parts []Input
	add := func(part, label, value, width string) {
		name := part
		if f.Name != "" {
			name = f.Name + "-" + part
		}
		classes := "govuk-date-input__input " + width
		if f.wrong(part) {
			classes = "govuk-date-input__input govuk-input--error " + width
		}
		parts = append(parts, Input{
			ID: f.FieldID() + "-" + part, Name: name, Value: value, Classes: classes, InputMode: "numeric",
			Label: Label{Text: label, Classes: "govuk-date-input__label"},
		})
	}
	if !f.MonthOnly {
		add("day", "Day", f.Day, "govuk-input--width-2")
	}
	add("month", "Month", f.Month, "govuk-input--width-2")
	add("year", "Year", f.Year, "govuk-input--width-4")
	return parts
}

func (f DateInput) wrong(part string) bool {
	for _, p := range f.ErrorOn {
		if p == part {
			return true
		}
	}
	return f.Error != "" && len(f.ErrorOn) == 0
}

// Field is one field of any kind: exactly one of its pointers is set. Template govukField draws it.
type Field struct {
	Input      *Input
	Textarea   *Textarea
	Select     *Select
	Radios     *Radios
	Checkboxes *Checkboxes
	Date       *DateInput
	File       *FileUpload
}
