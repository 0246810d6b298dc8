package catalogue

import (
	"context"
	"fmt"
	"math"
	"slices"

	"jointly/catalogue/kv"
)

// Figures that differ by more than this from what they are compared with are worth a second look.
const (
	leastPeers    = 5   // councils of a type, below which there is no median
	oddYear       = 0.5 // of last year's volume: more than half more or less
	oddRate       = 3.0 // times the peers' median, or a third of it
	oddShare      = 0.4 // of all contacts, from the peers' median share that came online
	mostPlausible = 20  // contacts a resident in the period
	yearInMonths  = 12
)

// CheckedLine is one channel's figures beside what they can be compared with.
type CheckedLine struct {
	ReturnLine
	Share float64 // of all contacts, from 0 to 1
	Last  *int64  // contacts in the period a year before; nil: not known
}

// ReturnCheck is what a council's figures of a service come to. Its warnings ask to look again; they forbid nothing. Totals,
// shares and what they are compared with are of all four channels, as in the baseline: a part of them would say too much of
// one channel. Until they are there, they are 0.
type ReturnCheck struct {
	Lines     []CheckedLine
	Total     int64
	LastTotal *int64  // of the period a year before; nil: not known
	Rate      float64 // contacts for 1,000 residents; 0 where the residents are not known
	Digital   *float64
	Alike     string // what its peers have in common with the council: 'of the type Unitary authority', or where those are too few 'with the same duties'
	Peers     int    // of them those that share signed figures; below five there are no medians
	PeerRate  float64
	PeerShare float64 // that came online
	Warnings  []string
}

// Whole says that every channel has a figure.
func (k ReturnCheck) Whole() bool { return len(k.Lines) == len(Channels()) }

// CheckReturn compares a council's figures of a service with its return of the year before, and with the figures that
// councils of its type share.
func (c *Catalogue) CheckReturn(ctx context.Context, actor Actor, x *EvidenceCall, lgsl int, lines []ReturnLine) (out ReturnCheck, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		council, ok, err := c.councilIn(tx, actor.Org)
		if err != nil || !ok {
			return err
		}
		out = ReturnCheck{}
		if len(lines) == len(Channels()) {
			out.Total = volumeOf(lines)
		}
		last, err := readItem(tx, Key{KindReturn, ReturnID(actor.Org, lgsl, x.Start.AddMonths(-yearInMonths))})
		if err != nil {
			return err
		}
		before, _ := last.(*Return)
		out.compareYear(lines, before)
		if !out.Whole() {
			out.warn(council)
			return nil
		}
		if council.Population > 0 {
			out.Rate = perThousand(out.Total, council.Population)
		}
		if share, ok := digitalShare(lines); ok {
			out.Digital = &share
		}
		if err := out.comparePeers(c, tx, actor, council, lgsl, x.Start); err != nil {
			return err
		}
		out.warn(council)
		return nil
	})
	return out, err
}

func perThousand(volume int64, residents int) float64 {
	return float64(volume) * 1000 / float64(residents)
}

// compareYear puts the lines beside those of the year before.
func (k *ReturnCheck) compareYear(lines []ReturnLine, before *Return) {
	var was ReturnVersion
	signed := false
	if before != nil {
		was, signed = before.Current()
	}
	for _, l := range lines {
		line := CheckedLine{ReturnLine: l}
		if k.Total > 0 {
			line.Share = float64(l.Volume) / float64(k.Total)
		}
		if old, ok := was.Line(l.Channel); ok && signed {
			line.Last = &old.Volume
		}
		k.Lines = append(k.Lines, line)
	}
	if signed && k.Whole() && len(was.Lines) == len(Channels()) {
		total := was.Volume()
		k.LastTotal = &total
	}
}

// comparePeers finds the medians of other councils of the type, or where fewer than five of them share figures, of those of
// the same tier: of what the actor may see, so that they tell nothing that is not shared.
func (k *ReturnCheck) comparePeers(c *Catalogue, tx kv.Tx, actor Actor, council *Council, lgsl int, start Date) error {
	all, err := c.signedReturns(tx, actor, lgsl, start)
	if err != nil {
		return err
	}
	var ofType, ofTier peerFigures
	for _, r := range all {
		if r.Council == council.GSS {
			continue
		}
		peer, ok, err := c.councilIn(tx, r.Council)
		if err != nil {
			return err
		}
		now, _ := r.Current()
		if !ok || peer.Population == 0 || now.Volume() == 0 || len(now.Lines) < len(Channels()) {
			continue
		}
		if peer.Type == council.Type {
			ofType.add(now, peer)
		}
		if peer.Tier == council.Tier {
			ofTier.add(now, peer)
		}
	}
	peers := ofType
	k.Alike = "of the type ‘" + council.Type + "’"
	if len(ofType.rates) < leastPeers {
		peers, k.Alike = ofTier, "with the same duties as yours"
	}
	if k.Peers = len(peers.rates); k.Peers >= leastPeers {
		k.PeerRate = median(peers.rates)
	}
	if len(peers.shares) >= leastPeers {
		k.PeerShare = median(peers.shares)
	}
	return nil
}

// peerFigures are the contacts for 1,000 residents and the shares that came online of some councils.
type peerFigures struct{ rates, shares []float64 }

func (p *peerFigures) add(v ReturnVersion, council *Council) {
	p.rates = append(p.rates, perThousand(v.Volume(), council.Population))
	if share, ok := v.DigitalShare(); ok {
		p.shares = append(p.shares, share)
	}
}

// median is the middle of values, of an even number the mean of the two in the middle; 0 for none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	values = slices.Sorted(slices.Values(values))
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

// warn says what is worth a second look, and why.
func (k *ReturnCheck) warn(council *Council) {
	say := func(ok bool, format string, args ...any) {
		if ok {
			k.Warnings = append(k.Warnings, fmt.Sprintf(format, args...))
		}
	}
	say(k.Whole() && k.Total == 0, "All volumes are 0. If your council does not provide this service, say so instead.")
	say(len(k.Lines) > 0 && len(k.Lines) < len(Channels()), "%d of %d channels have no figure. A channel without a figure is not counted as 0: enter 0 where there were no contacts. Totals, shares and comparisons need all of them.", len(Channels())-len(k.Lines), len(Channels()))
	if k.LastTotal != nil && *k.LastTotal > 0 {
		change := float64(k.Total)/float64(*k.LastTotal) - 1
		say(math.Abs(change) > oddYear, "The total is %s than in the same period a year before (%s). Is it counted in another way, or is a channel missing?", moreOrLess(change), thousands(int(*k.LastTotal)))
	}
	if k.PeerRate > 0 && k.Rate > 0 {
		say(k.Rate > k.PeerRate*oddRate || k.Rate < k.PeerRate/oddRate, "%s contacts for 1,000 residents, where the median of %d councils %s is %s. Are the figures for the whole period, and for this service alone?", decimal(k.Rate), k.Peers, k.Alike, decimal(k.PeerRate))
	}
	if k.PeerShare > 0 && k.Digital != nil {
		say(math.Abs(*k.Digital-k.PeerShare) > oddShare, "%.0f%% came online, where the median of councils %s is %.0f%%. Do all channels count the same kind of contact?", *k.Digital*100, k.Alike, k.PeerShare*100)
	}
	say(council.Population > 0 && k.Total/mostPlausible > int64(council.Population), "That is more than %d contacts for each resident. Page views are not contacts.", mostPlausible)
	for _, l := range k.Lines {
		if cost, ok := l.CostPerContact(); ok {
			say(cost > 500, "A contact by %s costs £%.2f. Is the cost for this service alone, in pounds?", lowerWords(l.Channel), cost)
		}
		say(l.Volume == 0 && l.Cost != nil && *l.Cost > 0, "There is a cost for %s and no contact.", lowerWords(l.Channel))
	}
}

func lowerWords(c Channel) string {
	switch c {
	case ChannelOnline:
		return "online"
	case ChannelPhone:
		return "phone"
	case ChannelFaceToFace:
		return "face to face"
	}
	return "post"
}

func moreOrLess(change float64) string {
	if change > 0 {
		return fmt.Sprintf("%.0f%% higher", change*100)
	}
	return fmt.Sprintf("%.0f%% lower", -change*100)
}

// decimal is a rate in words of three digits or so.
func decimal(x float64) string {
	if x >= 100 {
		return thousands(int(math.Round(x)))
	}
	return fmt.Sprintf("%.1f", x)
}
