package baseline

import "slices"

// Range is a figure that is known from and to.
type Range struct{ Low, High float64 }

// Shift is a question: what would it mean if more of a service's contacts came online? Every assumption is the reader's.
type Shift struct {
	Volume   Amounts  // contacts a year by channel, as they are; None counts as 0
	Target   float64  // share of contacts that would come online, in per cent
	Cost     [4]Range // pounds a contact, in the order of Channels
	Released Range    // part of what a contact costs that is saved when it moves, in per cent: staff and rooms stay for a while
}

// Shifted is the answer.
type Shifted struct {
	Now   float64 // share of contacts online today, in per cent
	Moved float64 // contacts a year that would move
	Saved Range   // pounds a year; below 0: it would cost more
}

// Work answers the question. What moves comes from the other channels in proportion to their contacts. Each end of the
// range takes the assumptions that lead furthest to it.
func (s Shift) Work() Shifted {
	online := slices.Index(Channels(), Online)
	all := 0.0
	for _, v := range s.Volume {
		all += max(v, 0)
	}
	if all == 0 {
		return Shifted{}
	}
	is := max(s.Volume[online], 0)
	out := Shifted{Now: 100 * is / all}
	out.Moved = max(s.Target*all/100-is, 0)
	if all == is || out.Moved == 0 {
		return out
	}
	for i, v := range s.Volume {
		if i == online {
			continue
		}
		moved := out.Moved * max(v, 0) / (all - is)
		out.Saved.Low += moved * least(s.Released, s.Cost[i].Low-s.Cost[online].High)
		out.Saved.High += moved * most(s.Released, s.Cost[i].High-s.Cost[online].Low)
	}
	return out
}

// least is the lower end of a part of an amount, which may be below 0.
func least(part Range, v float64) float64 { return min(part.Low*v, part.High*v) / 100 }

func most(part Range, v float64) float64 { return max(part.Low*v, part.High*v) / 100 }
