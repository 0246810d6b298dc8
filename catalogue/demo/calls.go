package demo

import (
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"time"

	"jointly/catalogue"
)

// callLine is a service that the demonstration's evidence call asks about: contacts a year for 1,000 residents, and how
// they divide in a council in the middle.
type callLine struct {
	LGSL       int     `json:"lgsl"`
	Rate       float64 `json:"rate"`
	Online     float64 `json:"online"`
	Phone      float64 `json:"phone"`
	FaceToFace float64 `json:"face_to_face"`
	Post       float64 `json:"post"`
}

// answerLine is what an invented council says to a question.
type answerLine struct {
	Question string   `json:"question"`
	Council  string   `json:"council"`
	Share    string   `json:"share"`
	Themes   []string `json:"themes"`
	Text     string   `json:"text"`
}

// What became of the call, in days from the day that the demonstration is made for.
const (
	callOpened = 62 // ago
	callDue    = 24 // on
)

// callBegun have begun and not signed; callSilent have not begun.
func callBegun() []string  { return []string{"DEMO-01", "DEMO-13"} }
func callSilent() []string { return []string{"DEMO-19", "DEMO-24", "DEMO-25", "DEMO-28"} }

func (b *builder) readCalls() error {
	var services []callLine
	if err := readLines("calls.jsonl", func(l callLine) error {
		if _, ok := b.register.Service(l.LGSL); !ok {
			return fmt.Errorf("%d is no service", l.LGSL)
		}
		services = append(services, l)
		return nil
	}); err != nil {
		return err
	}
	x := b.evidenceCall(services)
	b.out.Calls = append(b.out.Calls, x)
	answers := map[string]*catalogue.CallAnswer{}
	for i := range b.out.Councils {
		b.answerCall(x, services, &b.out.Councils[i], answers)
	}
	if err := readLines("answers.jsonl", func(l answerLine) error {
		a := answers[l.Council]
		if a == nil || len(a.Signatures) == 0 {
			return fmt.Errorf("%s has not signed an answer", l.Council)
		}
		a.Words = append(a.Words, catalogue.WordsAnswer{Question: l.Question, Text: l.Text, Share: catalogue.WordsShare(l.Share)})
		a.Signatures[0].Words = a.Words
		a.Coded = append(a.Coded, catalogue.Coding{Question: l.Question, Themes: l.Themes, At: b.ago(3)})
		return nil
	}); err != nil {
		return err
	}
	for i := range b.out.Councils {
		if a := answers[b.out.Councils[i].GSS]; a != nil {
			b.out.Answers = append(b.out.Answers, *a)
		}
	}
	return nil
}

// evidenceCall asks about the last whole financial year.
func (b *builder) evidenceCall(services []callLine) catalogue.EvidenceCall {
	year := b.asOf.Year()
	if b.asOf.Month() < time.April {
		year--
	}
	x := catalogue.EvidenceCall{Meta: catalogue.Meta{ID: fmt.Sprintf("demo-channels-%d", year-1)},
		Title: fmt.Sprintf("How residents reach ten key services, %d to %d", year-1, year),
		Why: "Councils plan their online services by guess where nobody counts in the same way. This call asks for the contacts of ten services by channel, so that each council can see where it stands " +
			"and a plan for local online services can be argued from figures.\nVolumes come first. Costs help, and can be left out.",
		Start: catalogue.Date{Year: year - 1, Month: time.April, Day: 1}, End: catalogue.Date{Year: year, Month: time.March, Day: 31},
		Until: catalogue.DateOf(b.ago(-callDue)), Definitions: catalogue.UsualDefinitions(), Costs: true, State: catalogue.CallOpen,
		Opened: b.ago(callOpened), Told: catalogue.CallTold{AllAsked: b.ago(callOpened)}, Demonstration: true,
		Questions: []catalogue.CallQuestion{
			{ID: "q1", Kind: catalogue.AskInnovation, Text: "What did you change in how residents reach a service, and what came of it?"},
			{ID: "q2", Kind: catalogue.AskComplex, Text: "Where does digital help people who need several services at once, and where does it not?"},
			{ID: "q3", Kind: catalogue.AskBuying, Text: "What would make you buy a system together with other councils?"},
		},
		Themes: []catalogue.Theme{{ID: "t1", Question: "q1", Name: "Words and forms tested with residents"}, {ID: "t2", Question: "q1", Name: "Joined to the back office"},
			{ID: "t3", Question: "q1", Name: "Telling people how it stands"}, {ID: "t4", Question: "q2", Name: "Agreements take longer than software"},
			{ID: "t5", Question: "q2", Name: "Doubts about scores and flags"}, {ID: "t6", Question: "q3", Name: "End dates that line up"}, {ID: "t7", Question: "q3", Name: "A lead with capacity"}},
	}
	for _, l := range services {
		x.Services = append(x.Services, l.LGSL)
	}
	return x
}

// answerCall makes what a council answers: figures of the services that it provides, and the answer they belong to.
func (b *builder) answerCall(x catalogue.EvidenceCall, services []callLine, c *catalogue.Council, answers map[string]*catalogue.CallAnswer) {
	if slices.Contains(callSilent(), c.GSS) || slices.Contains(b.quiet, c.GSS) {
		return
	}
	begun := slices.Contains(callBegun(), c.GSS)
	a := &catalogue.CallAnswer{Meta: catalogue.Meta{ID: catalogue.CallAnswerID(x.ID, c.GSS)}, Call: x.ID, Council: c.GSS, Begun: b.ago(50), Demonstration: true}
	answers[c.GSS] = a
	signed := b.ago(6 + int(chance("signed", c.GSS)*40))
	audience := audienceOf(c.GSS)
	for i, l := range services {
		known, _ := b.register.Service(l.LGSL)
		if !slices.Contains(known.Tiers, string(c.Tier)) {
			a.Skipped = append(a.Skipped, catalogue.SkippedService{LGSL: l.LGSL, Why: catalogue.SkipNotProvided})
			continue
		}
		if !begun || i < 2 {
			b.giveReturn(x, l, c, begun, signed, audience)
		}
	}
	if !begun {
		a.Signatures = []catalogue.CallSignature{{At: signed, Account: b.personas[c.GSS], Role: catalogue.RoleLead, Audience: audience, Skipped: a.Skipped}}
	}
}

// giveReturn makes a council's return for a service and, for those with a persona, that of the year before.
func (b *builder) giveReturn(x catalogue.EvidenceCall, l callLine, c *catalogue.Council, draft bool, signed time.Time, audience catalogue.Audience) {
	r := catalogue.Return{Meta: catalogue.Meta{ID: catalogue.ReturnID(c.GSS, l.LGSL, x.Start)}, Council: c.GSS, LGSL: l.LGSL, Start: x.Start, End: x.End, Demonstration: true}
	if lines := figures(l, c, 0); draft {
		r.Draft = &catalogue.ReturnDraft{Lines: lines}
	} else {
		r.Versions = []catalogue.ReturnVersion{{Lines: lines, Audience: audience, At: signed, Account: b.personas[c.GSS], Role: catalogue.RoleLead, Source: catalogue.ReturnSigned, Call: x.ID}}
	}
	b.out.Returns = append(b.out.Returns, r)
	if b.personas[c.GSS] == "" {
		return
	}
	start, end := x.Start.AddMonths(-12), x.End.AddMonths(-12)
	b.out.Returns = append(b.out.Returns, catalogue.Return{Meta: catalogue.Meta{ID: catalogue.ReturnID(c.GSS, l.LGSL, start)}, Council: c.GSS, LGSL: l.LGSL, Start: start, End: end, Demonstration: true,
		Versions: []catalogue.ReturnVersion{{Lines: figures(l, c, 1), Audience: audience, At: b.ago(370), Source: catalogue.ReturnImported}}})
}

// figures are a council's figures so many years before the call: a fifth more or less than the rate, and between a fifth
// and nine tenths online.
func figures(l callLine, c *catalogue.Council, before int) []catalogue.ReturnLine {
	rate := l.Rate * (0.75 + 0.5*chance("rate", c.GSS, fmt.Sprint(l.LGSL)))
	total := rate * float64(c.Population) / 1000 * (1 + 0.03*float64(before))
	online := l.Online + 0.5*(chance("online", c.GSS)-0.5) + 0.1*(chance("service", c.GSS, fmt.Sprint(l.LGSL))-0.5) - 0.04*float64(before)
	online = math.Min(math.Max(online, 0.2), 0.9)
	rest := (1 - online) / (l.Phone + l.FaceToFace + l.Post)
	costed := chance("costed", c.GSS) < 0.75
	var out []catalogue.ReturnLine
	for _, ch := range []struct {
		channel catalogue.Channel
		share   float64
		cost    float64 // pounds a contact, in the middle
		counted bool
	}{{catalogue.ChannelOnline, online, 0.7, true}, {catalogue.ChannelPhone, l.Phone * rest, 4.4, true},
		{catalogue.ChannelFaceToFace, l.FaceToFace * rest, 11, false}, {catalogue.ChannelPost, l.Post * rest, 6.5, false}} {
		line := catalogue.ReturnLine{Channel: ch.channel, Volume: int64(math.Round(total * ch.share)), Method: catalogue.MethodEstimated}
		if ch.counted && chance("counted", c.GSS, string(ch.channel)) < 0.85 {
			line.Method = catalogue.MethodCounted
		}
		if costed {
			cost := math.Round(float64(line.Volume) * ch.cost * (0.6 + 0.8*chance("cost", c.GSS, string(ch.channel))))
			line.Cost = &cost
		}
		out = append(out, line)
	}
	return out
}

// audienceOf is whom an invented council lets see its figures.
func audienceOf(council string) catalogue.Audience {
	switch n := chance("audience", council); {
	case n < 0.35:
		return catalogue.Public
	case n < 0.9:
		return catalogue.Councils
	}
	return catalogue.Own
}

// chance is a number from 0 to 1 that is the same for the same words.
func chance(words ...string) float64 {
	h := fnv.New64a()
	for _, w := range words {
		_, _ = h.Write([]byte(w + "\x00")) // never fails
	}
	n := h.Sum64()
	n ^= n >> 33
	n *= 0xff51afd7ed558ccd // spreads what differs in the last characters alone
	n ^= n >> 33
	return float64(n>>11) / (1 << 53)
}
