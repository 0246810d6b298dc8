package web

import (
	"jointly/catalogue"
	"jointly/search"
	"jointly/web/view"
)

// keeping is what can be done with a search as a whole: keep it, end it, take its results away. Template keep-search.
type keeping struct {
	Address string
	Save    view.Button
	End     *view.Button // nil: not for the visitor
	CSV     string       // empty: there is nothing to take
	XLSX    string
	Atom    string
	Follow  *followForm // nil: it is not one thing that can be followed
	Most    string      // says that a file does not hold all results
}

func newKeeping(a asked, q search.Query, who visitor, total int) keeping {
	k := keeping{Address: a.address(), Save: view.Button{Text: "Save this search", Classes: "govuk-button--secondary"}}
	k.Follow = followOf(a, who)
	if who.account == nil || catalogue.MayDo(who.actor, catalogue.EndSearch) {
		k.End = &view.Button{Text: "End this search", Classes: "govuk-button--secondary"}
	}
	// Files are of the one search that shows every kind: a list is that with its kind and its order.
	file := func(ext string) string {
		whole := a
		whole.path, whole.kind, whole.all, whole.Sort = "/search."+ext, "", "", q.Sort
		return whole.with(func(*asked) {})
	}
	k.Atom = file("atom")
	if total > 0 {
		k.CSV, k.XLSX = file("csv"), file("xlsx")
	}
	if total > mostExported {
		k.Most = "A file holds the first " + view.Number(mostExported) + " results."
	}
	return k
}
