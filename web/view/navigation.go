package view

// The components that lead around: header, service navigation, breadcrumbs, back link, pagination, skip link, footer.

// Header is the bar at the top; template govukHeader.
type Header struct {
	Text    string
	Href    string
	Classes string
}

// ServiceNavigation is the row of main links; template govukServiceNavigation.
type ServiceNavigation struct {
	Items   []NavItem
	Account *AccountLink
	Label   string // what a screen reader calls it; 'Menu' where empty
	Classes string
}

// Many says that the links fold behind a menu button on a phone.
func (n ServiceNavigation) Many() bool { return len(n.Items) > 1 }

// Crumb is one step of the way back.
type Crumb struct {
	Text string
	Href string // empty for the page itself
}

// Breadcrumbs is the way back to the home page; template govukBreadcrumbs.
type Breadcrumbs struct {
	Items            []Crumb
	CollapseOnMobile bool
	Classes          string
}

// BackLink leads one step back in a journey; template govukBackLink.
type BackLink struct {
	Text    string // 'Back' where empty
	Href    string
	Classes string
}

// SkipLink leads past what every page repeats; template govukSkipLink.
type SkipLink struct {
	Text    string
	Href    string
	Classes string
}

// Footer is the row of links at the foot; template jyFooter.
type Footer struct {
	Items []NavItem
}

// PageLink leads to another part of a long list.
type PageLink struct {
	Text  string // 'Next' or 'Previous' where empty
	Label string // such as '16 more results'
	Href  string
}

// PageNumber is one numbered part of a long list.
type PageNumber struct {
	Number   string
	Href     string
	Current  bool
	Ellipsis bool   // stands for the numbers left out
	Label    string // 'Page 3' where empty
}

// Pagination leads through a long list, by number or with Previous and Next alone; template govukPagination.
type Pagination struct {
	Previous *PageLink
	Next     *PageLink
	Items    []PageNumber
	Label    string // what a screen reader calls it; 'Pagination' where empty
	Classes  string
}

// Block says that Previous and Next stand under each other, with labels.
func (p Pagination) Block() bool {
	return len(p.Items) == 0 && (p.Next != nil || p.Previous != nil)
}
