package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// form reads what a form sent: text only, line ends as \n.
func form(c *gin.Context) (url.Values, error) {
	if err := c.Request.ParseForm(); err != nil {
		var tooBig *http.MaxBytesError
		if errors.As(err, &tooBig) {
			return nil, err
		}
		return nil, &catalogue.Error{Kind: catalogue.Invalid, Message: "The form could not be read. Go back and send it again", Err: err}
	}
	values := c.Request.PostForm
	for _, list := range values {
		for i, v := range list {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return nil, errNotText()
			}
			list[i] = strings.ReplaceAll(v, "\r\n", "\n")
		}
	}
	return values, nil
}

// errorLinks is the error summary of a form: each line leads to its field. ids maps a rule's field to the ID of the
// form's; a field that is not in it has the same ID.
func errorLinks(err error, ids map[string]string) []view.ErrorLink {
	var links []view.ErrorLink
	for _, f := range catalogue.FieldsOf(err) {
		id := f.Field
		if to, ok := ids[f.Field]; ok {
			id = to
		}
		links = append(links, view.ErrorLink{Text: f.Message, Href: "#" + id})
	}
	return links
}

// fieldError is the first message about a field, empty where there is none.
func fieldError(err error, field string) string {
	for _, f := range catalogue.FieldsOf(err) {
		if f.Field == field {
			return f.Message
		}
	}
	return ""
}

// differTable shows where two versions of a form differ: names of fields with what they say, in the same order.
func differTable(saved, typed [][2]string) view.Table {
	t := view.Table{Caption: "Where the two differ", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "What", Classes: "jy-col-20"}, {Text: "Saved meanwhile", Classes: "jy-col-40"}, {Text: "What you typed", Classes: "jy-col-40"}}}
	for i, theirs := range saved {
		if theirs[1] == typed[i][1] {
			continue
		}
		t.Rows = append(t.Rows, []view.Cell{{Text: theirs[0]}, {Text: view.OrNotStated(theirs[1]), Muted: theirs[1] == ""},
			{Text: view.OrNotStated(typed[i][1]), Muted: typed[i][1] == ""}})
	}
	return t
}
