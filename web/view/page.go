// Package view turns typed values into GOV.UK style pages: the frame that every page shares, the components that pages
// are made of, the words for dates and money, and the set of parsed templates.
package view

// Page is what the layout needs to know about any page. A page's own data type embeds it, or has a field of this name.
type Page struct {
	Title         string        // without the name of the product
	Description   string        // one sentence for search engines and link previews
	Canonical     string        // path of the address to share, such as /platforms/nec-revenues
	Nav           []NavItem     // the main links, in order
	Account       *AccountLink  // sign in, or who is signed in
	Demonstration bool          // invented names are among the content
	Crumbs        []Crumb       // the way back; none on the home page
	Errors        []ErrorLink   // what is wrong with the form, in the order of its fields
	Flash         *Notification // what has just happened
	Contributes   bool          // the reader may list what its council has and needs, or has yet to sign in
	Assets        Assets
}

// NavItem is a main link.
type NavItem struct {
	Text    string
	Href    string
	Current bool // this page is shown
	Active  bool // a page of its section is shown
}

// Marked says that the link stands out.
func (n NavItem) Marked() bool { return n.Current || n.Active }

// AccountLink stands at the end of the main links.
type AccountLink struct {
	Text    string // 'Sign in', or 'Aldermere: 3 to do'
	Href    string
	Current bool
}

// FullTitle is the text of the title element; it says first that there is an error.
func (p Page) FullTitle() string {
	title := p.Title + " – Jointly"
	if p.Title == "" {
		title = "Jointly"
	}
	if len(p.Errors) > 0 {
		return "Error: " + title
	}
	return title
}

// ErrorSummary is the summary of Errors; nil where there are none.
func (p Page) ErrorSummary() *ErrorSummary {
	if len(p.Errors) == 0 {
		return nil
	}
	return &ErrorSummary{Title: "There is a problem", Errors: p.Errors}
}

// Breadcrumbs is the component for Crumbs.
func (p Page) Breadcrumbs() Breadcrumbs { return Breadcrumbs{Items: p.Crumbs} }

// Navigation is the component for Nav and Account.
func (p Page) Navigation() ServiceNavigation {
	return ServiceNavigation{Items: p.Nav, Account: p.Account}
}

// SkipLink leads past the header.
func (p Page) SkipLink() SkipLink {
	return SkipLink{Text: "Skip to main content", Href: "#main-content"}
}

// Header is the bar with the product's name.
func (p Page) Header() Header { return Header{Text: "Jointly", Href: "/"} }

// Footer is the same on every page.
func (p Page) Footer() Footer {
	return Footer{Items: []NavItem{
		{Text: "Ways to buy", Href: "/frameworks"},
		{Text: "Signals to suppliers", Href: "/signals"},
		{Text: "Where the facts come from", Href: "/about/sources"},
		{Text: "How this works", Href: "/about"},
		{Text: "Accessibility", Href: "/accessibility"},
		{Text: "Privacy", Href: "/privacy"},
	}}
}

// DemonstrationBanner tells invented names from real ones.
func (p Page) DemonstrationBanner() PhaseBanner {
	return PhaseBanner{
		Tag:  Tag{Text: "Demonstration"},
		Text: "Names marked (demonstration) are invented. Real councils: public records only.",
	}
}
