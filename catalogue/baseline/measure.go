package baseline

import (
	"math"
	"strings"
)

// Measure is what a figure is a figure of: contacts, rate, rate/phone, share/online, cost/post.
type Measure string

// The measures. Those of a channel have its name behind a slash.
const (
	Contacts Measure = "contacts" // of all channels together in a year, added up over the councils
	Rate     Measure = "rate"     // contacts a year per 1,000 residents
	Share    Measure = "share"    // of the contacts of all four channels, in per cent
	Cost     Measure = "cost"     // pounds a contact, ex VAT
)

// Digital is the digital share: contacts online among those of all channels.
const Digital = Share + "/" + Online

// The channels, as measures name them.
const (
	Online     = "online"
	Phone      = "phone"
	FaceToFace = "face_to_face"
	Post       = "post"
)

// Channels lists the channels in the order of Amounts.
func Channels() []string { return []string{Online, Phone, FaceToFace, Post} }

// Measures lists every measure, in order.
func Measures() []Measure {
	out := []Measure{Contacts, Rate}
	for _, kind := range []Measure{Rate, Share, Cost} {
		for _, channel := range Channels() {
			out = append(out, kind.Of(channel))
		}
	}
	return out
}

// Of is the measure of one channel.
func (m Measure) Of(channel string) Measure { return m + "/" + Measure(channel) }

// Parts are what is measured and of which channel; "" for all.
func (m Measure) Parts() (kind Measure, channel string) {
	k, channel, _ := strings.Cut(string(m), "/")
	return Measure(k), channel
}

// Unit says what the figures of a measure are in.
func (m Measure) Unit() string {
	switch kind, _ := m.Parts(); kind {
	case Contacts:
		return "contacts a year"
	case Rate:
		return "contacts a year per 1,000 residents"
	case Share:
		return "% of contacts"
	case Cost:
		return "GBP a contact, ex VAT"
	}
	return ""
}

// Of is the council's own figure of a measure, not rounded; false where its return does not give it. Totals and shares
// are of returns that state all four channels: one that leaves a channel out would say too much of the others.
func (p Part) Of(m Measure) (float64, bool) {
	kind, channel := m.Parts()
	at := -1
	switch channel {
	case Online:
		at = 0
	case Phone:
		at = 1
	case FaceToFace:
		at = 2
	case Post:
		at = 3
	}
	all, whole := 0.0, true
	for _, v := range p.Volume {
		all, whole = all+v, whole && v >= 0
	}
	switch {
	case kind == Contacts:
		return all, whole
	case kind == Rate && at < 0:
		return per1000(all, p.Residents), whole && p.Residents > 0
	case at < 0:
		return 0, false
	case kind == Rate:
		return per1000(p.Volume[at], p.Residents), p.Volume[at] >= 0 && p.Residents > 0
	case kind == Share:
		return 100 * p.Volume[at] / all, whole && all > 0
	case kind == Cost:
		return p.Cost[at], p.Cost[at] >= 0
	}
	return 0, false
}

func per1000(volume, residents float64) float64 { return 1000 * volume / residents }

// Round rounds a figure as it is published: shares to whole per cent, others to two significant digits, yet rates never
// finer than .1 and costs never finer than 5p. A rate finer than that fits one council's whole number of contacts alone;
// a cost to the penny is what one council wrote down.
func (m Measure) Round(v float64) float64 {
	if v == 0 {
		return 0
	}
	finest := 1.0
	switch kind, _ := m.Parts(); kind {
	case Share:
		return math.Round(v)
	case Rate:
		finest = 0.1
	case Cost:
		finest = 0.05
	}
	step := math.Pow10(int(math.Floor(math.Log10(math.Abs(v)))) - 1)
	if step < finest {
		step = finest
	}
	if step >= 1 {
		return math.Round(v/step) * step
	}
	per := math.Round(1 / step) // dividing by a whole number gives the nearest decimal
	return math.Round(v*per) / per
}

// Quantile is the p-th quantile of values in order, 0 to 1, by linear interpolation between the two nearest (type 7 of
// Hyndman and Fan, which spreadsheets call QUARTILE.INC). There must be a value.
func Quantile(sorted []float64, p float64) float64 {
	at := p * float64(len(sorted)-1)
	low := int(at)
	if low+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[low] + (at-float64(low))*(sorted[low+1]-sorted[low])
}
