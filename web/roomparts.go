package web

import (
	"context"

	"jointly/catalogue"
)

// roomParts is what members of a group keep in its room; each part has pages of its own below the group's.
type roomParts struct {
	Requirements *requirementsSection // nil for those who are only asked
	Decisions    *decisionsSection
	Papers       *papersSection
}

// newRoomParts reads the parts of a room; empty for whoever has not accepted.
func (s *site) newRoomParts(ctx context.Context, actor catalogue.Actor, group string) (parts roomParts, err error) {
	matrix, err := s.Catalogue.Matrix(ctx, actor, group)
	if catalogue.KindOf(err) == catalogue.NotFound {
		return roomParts{}, nil
	}
	if err != nil {
		return roomParts{}, err
	}
	decisions, err := s.Catalogue.Decisions(ctx, actor, group)
	if err != nil {
		return roomParts{}, err
	}
	papers, err := s.Catalogue.Papers(ctx, actor, group)
	if err != nil {
		return roomParts{}, err
	}
	return roomParts{newRequirementsSection(matrix, actor), newDecisionsSection(decisions, actor, s, mostInRoom), newPapersSection(papers, actor)}, nil
}
