package demo

import (
	"fmt"

	"jointly/catalogue"
)

type talkLine struct {
	Ref       string            `json:"ref"`
	Subject   string            `json:"subject"`
	Intention string            `json:"intention"` // reference
	Other     string            `json:"other"`     // reference
	Messages  []talkMessageLine `json:"messages"`
}

type talkMessageLine struct {
	Council string `json:"council"`
	Days    int    `json:"days"` // ago
	Text    string `json:"text"`
}

type newsLine struct {
	Days     int      `json:"days"` // ago; a later line is no older
	Councils []string `json:"councils"`
	Least    string   `json:"least"`
	Subject  string   `json:"subject"`
	Text     []string `json:"text"`
	Why      string   `json:"why"`
	Kind     string   `json:"kind"`  // of what it is about: group, intention or talk
	About    string   `json:"about"` // its reference
	LinkText string   `json:"link_text"`
}

func (b *builder) readTalks() error {
	return readLines("talks.jsonl", func(l talkLine) error {
		own, other := b.intentions[l.Intention], b.intentions[l.Other]
		if own == nil || other == nil || len(l.Messages) == 0 {
			return fmt.Errorf("a talk is about two known intentions, and somebody has written")
		}
		t := catalogue.Talk{Meta: catalogue.Meta{ID: id("demo", l.Ref)}, Subject: l.Subject, From: own.Council, To: other.Council,
			Intention: own.ID, Other: other.ID, State: catalogue.TalkAsked, Begun: b.ago(l.Messages[0].Days), Demonstration: true}
		for _, m := range l.Messages {
			if m.Council != t.From && m.Council != t.To {
				return fmt.Errorf("%q is not in this talk", m.Council)
			}
			if m.Council == t.To {
				t.State = catalogue.TalkAnswered
			}
			t.Messages = append(t.Messages, catalogue.TalkMessage{Council: m.Council, Account: b.personas[m.Council], At: b.ago(m.Days), Text: m.Text})
			t.Turn, t.Latest = t.Partner(m.Council), b.ago(m.Days)
		}
		b.out.Talks = append(b.out.Talks, t)
		return nil
	})
}

func (b *builder) readNews() error {
	return readLines("news.jsonl", func(l newsLine) error {
		n := catalogue.News{Meta: catalogue.Meta{ID: catalogue.NewsID(uint64(len(b.out.News) + 1))}, Subject: l.Subject, Text: l.Text, Why: l.Why,
			LinkText: l.LinkText, Told: b.ago(l.Days), Councils: l.Councils, Least: catalogue.Role(l.Least), Demonstration: true,
			About: catalogue.Key{Kind: catalogue.Kind(l.Kind), ID: id("demo", l.About)}}
		n.Link = "/" + l.Kind + "s/" + n.About.ID
		b.out.News = append(b.out.News, n)
		for _, council := range l.Councils {
			if err := b.known(council); err != nil {
				return err
			}
		}
		return nil
	})
}
