package view

// The fields of forms. ID may be left out: it is Name then. Hint and Error are shown and read out with the field; an
// error summary links to the field's ID.

// Label names a field.
type Label struct {
	Text        string
	Classes     string // such as govuk-label--m
	PageHeading bool   // the label is the page's h1 as well
}

// Intro is what comes before a field's control: label, hint, error.
type Intro struct {
	ID    string
	Label *Label // nil where a legend does its work
	Hint  string
	Error string
}

// Input is one line of text; template govukInput.
type Input struct {
	ID, Name     string
	Label        Label
	Hint         string
	Error        string
	Value        string
	Type         string // text where empty; email, search, url ...
	InputMode    string // numeric, decimal ...
	Autocomplete string // such as email
	Autocapital  string // value of the autocapitalize attribute
	Pattern      string
	Spellcheck   string // true, false, or empty to leave it to the browser
	Prefix       string // such as £
	Suffix       string // such as % or 'a year'
	DescribedBy  string // ids of further elements that describe the field
	Classes      string // such as govuk-input--width-10
	GroupClasses string
	Disabled     bool
	Similar      *Similar
}

// Intro is the field's label, hint and error.
func (f Input) Intro() Intro { return Intro{f.FieldID(), &f.Label, f.Hint, f.Error} }

// FieldID is the id of the field's element.
func (f Input) FieldID() string { return either(f.ID, f.Name) }

// Describes lists the ids of what describes the field.
func (f Input) Describes() string { return describes(f.FieldID(), f.DescribedBy, f.Hint, f.Error) }

// Textarea is several lines of text; template govukTextarea.
type Textarea struct {
	ID, Name     string
	Label        Label
	Hint         string
	Error        string
	Value        string
	Rows         int // 5 where 0
	Autocomplete string
	Spellcheck   string // true, false, or empty to leave it to the browser
	DescribedBy  string
	Classes      string
	GroupClasses string
	Disabled     bool
	Similar      *Similar
}

// Intro is the field's label, hint and error.
func (f Textarea) Intro() Intro { return Intro{f.FieldID(), &f.Label, f.Hint, f.Error} }

// FieldID is the id of the field's element.
func (f Textarea) FieldID() string { return either(f.ID, f.Name) }

// Describes lists the ids of what describes the field.
func (f Textarea) Describes() string { return describes(f.FieldID(), f.DescribedBy, f.Hint, f.Error) }

// RowCount is the number of lines shown.
func (f Textarea) RowCount() int {
	if f.Rows == 0 {
		return 5
	}
	return f.Rows
}

// Similar shows, while somebody types in the field, what is like it already: the script asks URL with the field's
// name and value and puts the answer into the element Target, which template jySimilar draws.
type Similar struct {
	URL    string // such as /intentions/similar
	Target string // id of the element that shows the answer
}

// Option is one choice of a Select.
type Option struct {
	Value    string
	Text     string
	Selected bool
	Disabled bool
}

// OptionGroup is options under a heading.
type OptionGroup struct {
	Label   string
	Options []Option
}

// Select is a choice from a list; template govukSelect.
type Select struct {
	ID, Name     string
	Label        Label
	Hint         string
	Error        string
	Options      []Option
	Groups       []OptionGroup // after Options
	Typed        bool          // with JavaScript, type to find: for long lists such as councils
	DescribedBy  string
	Classes      string
	GroupClasses string
	Disabled     bool
}

// Intro is the field's label, hint and error.
func (f Select) Intro() Intro { return Intro{f.FieldID(), &f.Label, f.Hint, f.Error} }

// FieldID is the id of the field's element.
func (f Select) FieldID() string { return either(f.ID, f.Name) }

// Describes lists the ids of what describes the field.
func (f Select) Describes() string { return describes(f.FieldID(), f.DescribedBy, f.Hint, f.Error) }

// FileUpload takes a file; template govukFileUpload. Its form needs enctype="multipart/form-data".
type FileUpload struct {
	ID, Name     string
	Label        Label
	Hint         string
	Error        string
	Accept       string // such as .csv,.xlsx
	DescribedBy  string
	Classes      string
	GroupClasses string
	Disabled     bool
	Multiple     bool
}

// Intro is the field's label, hint and error.
func (f FileUpload) Intro() Intro { return Intro{f.FieldID(), &f.Label, f.Hint, f.Error} }

// FieldID is the id of the field's element.
func (f FileUpload) FieldID() string { return either(f.ID, f.Name) }

// Describes lists the ids of what describes the field.
func (f FileUpload) Describes() string { return describes(f.FieldID(), f.DescribedBy, f.Hint, f.Error) }

// Button sends a form, or is a link that starts something; template govukButton.
type Button struct {
	Text               string
	Href               string // a link that looks like a button
	ID                 string
	Name, Value        string
	Type               string // submit where empty
	Classes            string // govuk-button--secondary, govuk-button--warning
	Start              bool
	Disabled           bool
	PreventDoubleClick bool
}

// ErrorMessage says what is wrong with one field; template govukErrorMessage. Fields draw their own.
type ErrorMessage struct {
	ID      string
	Text    string
	Classes string
}

// ErrorLink is one line of an error summary; Href is # and the field's ID.
type ErrorLink struct {
	Text string
	Href string
}

// ErrorSummary lists what is wrong with a form, each line linking to its field; template govukErrorSummary. The layout
// draws the page's own from Page.Errors.
type ErrorSummary struct {
	Title       string
	Description string
	Errors      []ErrorLink
	Classes     string
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// describes is the value of aria-describedby: what the caller gave, then the hint, then the error.
func describes(id, given, hint, err string) string {
	out := given
	add := func(s string) {
		if out != "" {
			out += " "
		}
		out += s
	}
	if hint != "" {
		add(id + "-hint")
	}
	if err != "" {
		add(id + "-error")
	}
	return out
}
