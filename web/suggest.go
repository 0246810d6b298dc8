package web

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"
)

// offeredNames is how many names the search box offers.
const offeredNames = 8

// suggest answers the script with names that begin as somebody types, from what the visitor may see: a list of texts.
func (s *site) suggest(c *gin.Context, who visitor) error {
	found, err := s.Index.Suggest(c, audience(who.actor), c.Query("q"), offeredNames)
	if err != nil {
		return err
	}
	names := make([]string, 0, len(found))
	for _, f := range found {
		if !slices.Contains(names, f.Text) {
			names = append(names, f.Text)
		}
	}
	c.JSON(http.StatusOK, names)
	return nil
}
