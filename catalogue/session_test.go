package catalogue_test

import (
	"context"
	"testing"
	"time"

	"jointly/catalogue"
)

// A request that began before its person signed out saves its session afterwards.
func TestASessionThatEndedStaysEnded(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	name := must[string](t)(catalogue.SessionName())
	if err := c.BeginSession(ctx, name, catalogue.Session{Begun: today}, today.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if saved := must[bool](t)(c.SaveSession(ctx, name, nil, today.Add(time.Hour))); !saved {
		t.Error("a session that is there was not saved")
	}
	if err := c.EndSession(ctx, name); err != nil {
		t.Fatal(err)
	}
	if saved := must[bool](t)(c.SaveSession(ctx, name, nil, today.Add(time.Hour))); saved {
		t.Error("a session that had ended came back")
	}
	if s, _, _, err := c.Session(ctx, name); err != nil || s != nil {
		t.Errorf("the session is %v, %v", s, err)
	}
}
