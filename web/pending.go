package web

import "github.com/gin-gonic/gin"

func (s *site) newGroup(c *gin.Context, who visitor) error         { return s.noRoute(c, who) }
func (s *site) proposeGroup(c *gin.Context, who visitor) error     { return s.noRoute(c, who) }
func (s *site) group(c *gin.Context, who visitor) error            { return s.noRoute(c, who) }
func (s *site) answerInvitation(c *gin.Context, who visitor) error { return s.noRoute(c, who) }
func (s *site) joinGroup(c *gin.Context, who visitor) error        { return s.noRoute(c, who) }
func (s *site) leaveGroup(c *gin.Context, who visitor) error       { return s.noRoute(c, who) }
func (s *site) leadGroup(c *gin.Context, who visitor) error        { return s.noRoute(c, who) }
func (s *site) inviteToGroup(c *gin.Context, who visitor) error    { return s.noRoute(c, who) }
func (s *site) standInGroup(c *gin.Context, who visitor) error     { return s.noRoute(c, who) }
