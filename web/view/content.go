package view

// The components that show content: inset text, warnings, notifications, tags, details, tables, lists.

// Inset sets one sentence apart; template govukInsetText. With more than text, write the element itself.
type Inset struct {
	ID      string
	Text    string
	Classes string
}

// Warning is for what may go wrong for the reader; template govukWarningText.
type Warning struct {
	Text    string
	Classes string
}

// Notification says what has just happened, or what matters beyond this page; template govukNotificationBanner.
type Notification struct {
	Title   string // 'Success' or 'Important' where empty
	Text    string
	Link    *Link  // what to do about it
	Success bool   // it has just happened; read out at once
	TitleID string // govuk-notification-banner-title where empty
	Classes string
}

// Heading is the title shown.
func (n Notification) Heading() string {
	switch {
	case n.Title != "":
		return n.Title
	case n.Success:
		return "Success"
	}
	return "Important"
}

// HeadingID is the id of the title.
func (n Notification) HeadingID() string { return either(n.TitleID, "govuk-notification-banner-title") }

// Tag is a short state; template govukTag.
type Tag struct {
	Text    string
	Classes string // govuk-tag--green, govuk-tag--red, govuk-tag--orange, govuk-tag--grey ..., jy-tag--platform ...
}

// Details hides what few need; template govukDetails, or govukDetailsOpen and govukDetailsClose around other content.
type Details struct {
	ID      string
	Summary string
	Text    string
	Open    bool
	Classes string
}

// PhaseBanner is the line under the navigation that says what the page's content is; template govukPhaseBanner.
type PhaseBanner struct {
	Tag     Tag
	Text    string
	Classes string
}

// Link is a link in content.
type Link struct {
	Text    string
	Href    string
	Hidden  string // further words for a screen reader: 'Change' + 'the end date'
	Classes string
}

// SummaryRow is one fact of a SummaryList.
type SummaryRow struct {
	Key     string
	Value   string
	Note    string // a grey line under the value
	Muted   bool   // the value is 'not stated' or the like
	Href    string // where the value leads
	Actions []Link
	Classes string
}

// SummaryList is facts by name, with links to change them; template govukSummaryList.
type SummaryList struct {
	Rows    []SummaryRow
	Classes string
}

// Items is the rows, each knowing whether the list has a column for actions.
func (l SummaryList) Items() []SummaryItem {
	actions := false
	for _, r := range l.Rows {
		actions = actions || len(r.Actions) > 0
	}
	items := make([]SummaryItem, len(l.Rows))
	for i, r := range l.Rows {
		items[i] = SummaryItem{SummaryRow: r, NoActions: actions && len(r.Actions) == 0}
	}
	return items
}

// SummaryItem is a SummaryRow made ready to draw.
type SummaryItem struct {
	SummaryRow
	NoActions bool // other rows have actions, this one has none
}

// Task is one step of a TaskList.
type Task struct {
	Text          string
	Href          string
	Hint          string
	Status        string // plain words: 'Completed'
	Tag           *Tag   // instead of Status
	StatusClasses string // govuk-task-list__status--cannot-start-yet
}

// TaskList is what is left to do; template govukTaskList.
type TaskList struct {
	IDPrefix string // task-list where empty
	Tasks    []Task
	Classes  string
}

// Items is the tasks, each with the ids that its elements need.
func (l TaskList) Items() []TaskItem {
	items := make([]TaskItem, len(l.Tasks))
	for i, t := range l.Tasks {
		items[i] = TaskItem{Task: t, id: numbered(either(l.IDPrefix, "task-list"), i+1)}
	}
	return items
}

// TaskItem is a Task made ready to draw.
type TaskItem struct {
	Task
	id string
}

// HintID is the id of the hint.
func (t TaskItem) HintID() string { return t.id + "-hint" }

// StatusID is the id of the status.
func (t TaskItem) StatusID() string { return t.id + "-status" }

// Describes lists the ids of what describes the link.
func (t TaskItem) Describes() string {
	if t.Hint != "" {
		return t.HintID() + " " + t.StatusID()
	}
	return t.StatusID()
}
