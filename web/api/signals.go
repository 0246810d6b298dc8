package api

import (
	"context"
	"slices"
	"strings"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
)

// signalsInput is the parameters of a list of signals.
type signalsInput struct {
	Text       string `query:"q" doc:"Words that the title or the scope must hold"`
	Area       string `query:"area" doc:"ID of an area"`
	Capability string `query:"capability" doc:"ID of a capability"`
	Council    string `query:"council" doc:"GSS code: it publishes the signal or is named in it"`
	Stage      string `query:"stage" enum:"exploring,engaging,tender-soon,in-procurement"`
	Ended      bool   `query:"ended" doc:"List what was closed or withdrawn too"`
	Limit      int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	Cursor     string `query:"cursor" doc:"What the page before gave as next"`
}

// SignalsAnswer is a page of signals.
type SignalsAnswer struct {
	Total   int                   `json:"total" doc:"Signals over all pages"`
	Signals []exchange.SignalCard `json:"signals"`
	Next    string                `json:"next,omitempty" doc:"The cursor of the next page; not there on the last"`
}

type signalsOutput struct{ Body SignalsAnswer }

func (s *service) signals(ctx context.Context, in *signalsInput) (*signalsOutput, error) {
	rows, err := s.cat.Signals(ctx, catalogue.Anonymous(), catalogue.SignalFilter{Area: in.Area, Capability: in.Capability, Council: in.Council,
		Stage: catalogue.SignalStage(in.Stage), Ended: in.Ended})
	if err != nil {
		return nil, s.problem(err)
	}
	rows = slices.DeleteFunc(rows, func(r catalogue.SignalRow) bool { return !has(r.Signal.Text, in.Text) })
	out := SignalsAnswer{Total: len(rows), Signals: []exchange.SignalCard{}}
	if in.Cursor != "" { // the signal that the page before ended with
		at := slices.IndexFunc(rows, func(r catalogue.SignalRow) bool { return r.Signal.ID == in.Cursor })
		if at < 0 {
			return nil, s.problem(&catalogue.Error{Kind: catalogue.Invalid, Message: "There is a problem with this list",
				Fields: []catalogue.FieldError{{Field: "cursor", Message: "This cursor leads to nothing: begin at the first page"}}})
		}
		rows = rows[at+1:]
	}
	if len(rows) > in.Limit {
		rows = rows[:in.Limit]
		out.Next = rows[in.Limit-1].Signal.ID
	}
	for _, r := range rows {
		v, err := s.cat.Signal(ctx, catalogue.Anonymous(), r.Signal.ID)
		if err != nil {
			return nil, s.problem(err)
		}
		out.Signals = append(out.Signals, exchange.SignalOut(v.Signal, v.Answered))
	}
	return &signalsOutput{out}, nil
}

// has says that a signal holds all words.
func has(t catalogue.SignalText, words string) bool {
	text := strings.ToLower(t.Title + " " + t.Scope)
	for _, word := range strings.Fields(strings.ToLower(words)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}
