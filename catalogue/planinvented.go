package catalogue

import (
	"slices"
	"strconv"
	"strings"
)

// What of the plan rests on invented figures: it is marked wherever it stands.

// isInventedEvidence says that the page that a piece of evidence leads to is of the demonstration, or shows its figures.
func (w *writer) isInventedEvidence(item Item, path string) (bool, error) {
	switch it := item.(type) {
	case *Service:
		return w.hasInventedBaseline(it, path)
	case *Platform:
		return it.Demonstration, nil
	case *Contract:
		return it.Demonstration, nil
	case *Intention:
		return it.Demonstration, nil
	case *BuyingGroup:
		return it.Demonstration, nil
	case *Signal:
		return it.Demonstration, nil
	case *Framework:
		return false, nil
	case *Council:
		return it.Demonstration, nil
	case *Edition:
		return it.Demonstration, nil
	case *EvidenceCall:
		return it.Demonstration, nil
	case *Example:
		return it.Demonstration, nil
	case *Offer:
		return it.Demonstration, nil
	case *Body:
		return it.Demonstration, nil
	case *Ask:
		return it.Demonstration, nil
	}
	return false, nil
}

// hasInventedBaseline says that the channels of a service, which its baseline and a part of its page show, are invented.
func (w *writer) hasInventedBaseline(s *Service, path string) (bool, error) {
	if !strings.HasPrefix(path, "/baseline/") && !strings.HasSuffix(path, "#channels") {
		return false, nil
	}
	lgsl, err := strconv.Atoi(s.Key().ID)
	if err != nil {
		return false, nil // no service of the register has such a number
	}
	last, err := latestEdition(w.tx)
	if err != nil || last == nil {
		return false, err
	}
	_, said := last.Latest(lgsl)
	return said && last.Demonstration, nil
}

// hasInvented says of a recommendation that a finding that it follows from rests on invented figures.
func (w *writer) hasInvented(findings []string) (bool, error) {
	for _, id := range findings {
		item, err := readItem(w.tx, Key{KindFinding, id})
		if err != nil {
			return false, err
		}
		if f, ok := item.(*PlanFinding); ok && f.Demonstration {
			return true, nil
		}
	}
	return false, nil
}

// markFollowers marks the recommendations that follow from a finding anew, after it came to rest on other evidence.
func (w *writer) markFollowers(finding string) error {
	ids, err := lookup(w.tx, "recommendation.finding", finding)
	if err != nil {
		return err
	}
	for _, id := range ids {
		item, err := readItem(w.tx, Key{KindRecommendation, id})
		if err != nil {
			return err
		}
		r, ok := item.(*Recommendation)
		if !ok {
			continue
		}
		invented, err := w.hasInvented(r.Findings)
		if err != nil {
			return err
		}
		if invented == r.Demonstration {
			continue
		}
		r.Demonstration = invented
		if err := w.put(r); err != nil {
			return err
		}
	}
	return nil
}

// sameEvidence says that a finding rests on the same pages as before.
func sameEvidence(a, b []Evidence) bool {
	return slices.EqualFunc(a, b, func(a, b Evidence) bool { return a.Path == b.Path })
}
