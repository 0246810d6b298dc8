package web

import (
	"github.com/gin-gonic/gin"

	"jointly/catalogue"
)

// headerHead names the end of the audit trail in what councils and the operator take out: 'jointly verify --head' finds
// out from it whether the trail was cut or changed since. Others get none: it would tell them how much is going on.
const headerHead = "Jointly-Audit-Head"

// attachment makes the answer a file to be kept, under a name of ours.
func (s *site) attachment(c *gin.Context, who visitor, name string) error {
	c.Header("Content-Disposition", `attachment; filename="`+name+`"`)
	if kind := who.actor.OrgKind; kind != catalogue.OrgCouncil && !who.actor.IsOperator() {
		return nil
	}
	head, err := s.Catalogue.AuditHead(c)
	c.Header(headerHead, head.String())
	return err
}
