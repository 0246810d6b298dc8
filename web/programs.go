package web

import "github.com/gin-gonic/gin"

// api hands a request to the JSON API, which answers for itself.
func (s *site) api(c *gin.Context, _ visitor) error {
	s.programs.ServeHTTP(c.Writer, c.Request)
	return nil
}
