package web

import "github.com/gin-gonic/gin"

func (s *site) newPlatform(c *gin.Context, who visitor) error       { return s.noRoute(c, who) }
func (s *site) listPlatform(c *gin.Context, who visitor) error      { return s.noRoute(c, who) }
func (s *site) recordUse(c *gin.Context, who visitor) error         { return s.noRoute(c, who) }
func (s *site) newIntention(c *gin.Context, who visitor) error      { return s.noRoute(c, who) }
func (s *site) listIntention(c *gin.Context, who visitor) error     { return s.noRoute(c, who) }
func (s *site) similar(c *gin.Context, who visitor) error           { return s.noRoute(c, who) }
func (s *site) intention(c *gin.Context, who visitor) error         { return s.noRoute(c, who) }
func (s *site) editIntention(c *gin.Context, who visitor) error     { return s.noRoute(c, who) }
func (s *site) saveIntention(c *gin.Context, who visitor) error     { return s.noRoute(c, who) }
func (s *site) withdrawIntention(c *gin.Context, who visitor) error { return s.noRoute(c, who) }
func (s *site) registerInterest(c *gin.Context, who visitor) error  { return s.noRoute(c, who) }
func (s *site) matches(c *gin.Context, who visitor) error           { return s.noRoute(c, who) }
func (s *site) newGroup(c *gin.Context, who visitor) error          { return s.noRoute(c, who) }
func (s *site) proposeGroup(c *gin.Context, who visitor) error      { return s.noRoute(c, who) }
func (s *site) group(c *gin.Context, who visitor) error             { return s.noRoute(c, who) }
func (s *site) answerInvitation(c *gin.Context, who visitor) error  { return s.noRoute(c, who) }
func (s *site) joinGroup(c *gin.Context, who visitor) error         { return s.noRoute(c, who) }
func (s *site) leaveGroup(c *gin.Context, who visitor) error        { return s.noRoute(c, who) }
func (s *site) leadGroup(c *gin.Context, who visitor) error         { return s.noRoute(c, who) }
func (s *site) inviteToGroup(c *gin.Context, who visitor) error     { return s.noRoute(c, who) }
func (s *site) standInGroup(c *gin.Context, who visitor) error      { return s.noRoute(c, who) }
func (s *site) desk(c *gin.Context, who visitor) error              { return s.noRoute(c, who) }
func (s *site) signIn(c *gin.Context, who visitor) error            { return s.noRoute(c, who) }
func (s *site) sendCode(c *gin.Context, who visitor) error          { return s.noRoute(c, who) }
func (s *site) code(c *gin.Context, who visitor) error              { return s.noRoute(c, who) }
func (s *site) checkCode(c *gin.Context, who visitor) error         { return s.noRoute(c, who) }
func (s *site) persona(c *gin.Context, who visitor) error           { return s.noRoute(c, who) }
func (s *site) signOut(c *gin.Context, who visitor) error           { return s.noRoute(c, who) }
func (s *site) demand(c *gin.Context, who visitor) error            { return s.noRoute(c, who) }
