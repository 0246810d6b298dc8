package catalogue

import (
	"context"
	"strings"
	"time"
)

// A person who has lost every second factor and the recovery codes gets in again through two others: one asks, another
// confirms. Whoever reads the person's mail alone must not.

// FactorReset is that somebody asks to take away the second factors of an account, so that its person sets up new ones.
type FactorReset struct {
	By    string    `json:"by,omitempty"` // account that asked
	Why   string    `json:"why"`
	Asked time.Time `json:"asked"`
}

// resetWaits is how long a reset waits for its second person.
const resetWaits = 7 * 24 * time.Hour

// Waits says that a second person can still answer.
func (r *FactorReset) Waits(now time.Time) bool { return r != nil && now.Sub(r.Asked) < resetWaits }

// AskReset asks that the second factors of another account be taken away; the person is told. An administrator of its
// organisation asks, or the operator; somebody else of them confirms it within 7 days.
func (c *Catalogue) AskReset(ctx context.Context, actor Actor, account, why string) (*Account, error) {
	return c.changeAccount(ctx, actor, ResetFactors, account, func(w *writer, a *Account) error {
		keys, err := credentialsOf(w.tx, a.ID)
		why = strings.TrimSpace(why)
		switch {
		case err != nil:
			return err
		case a.ID == actor.Account:
			return forbidden("Somebody else asks for this: you can change how you sign in yourself")
		case a.Disabled || !keys.Any():
			return conflict("This person has no passkey and no authenticator app: the next time it signs in, it is asked to set one up")
		case why == "":
			return invalid("reset", "why", "Say how you know that it is this person who asks")
		case a.Reset.Waits(w.now):
			return errSame
		}
		a.Reset = &FactorReset{By: actor.Account, Why: why, Asked: w.now}
		admins, err := w.admins(a.OrgKind, a.Org, a.ID)
		if err != nil {
			return err
		}
		if err := w.tellPerson(a, "Somebody asked to reset how you sign in to Jointly",
			"An administrator asked to take away your passkeys and your authenticator app, so that you set up new ones. Another one has yet to confirm it."); err != nil || len(admins) == 0 {
			return err
		}
		return w.post(Message{Subject: "Confirm a reset for " + a.Email, Text: []string{"A reset of how " + a.Email + " signs in was asked for.", "The reason: " + why,
			"A second person confirms it. Speak to the person first, on a number that you know."},
			Why: "You are an administrator of your " + string(a.OrgKind) + "'s accounts.", Link: "/people", LinkText: "Look at it", Expires: w.now.Add(mailLife)}, admins...)
	})
}

// AnswerReset confirms a reset or refuses it. Neither who asked nor whose factors they are can confirm. Once confirmed, the
// factors are gone and every session of the account ends.
func (c *Catalogue) AnswerReset(ctx context.Context, actor Actor, account string, yes bool) (*Account, error) {
	return c.changeAccount(ctx, actor, ResetFactors, account, func(w *writer, a *Account) error {
		r := a.Reset
		switch {
		case r == nil || yes && !r.Waits(w.now):
			return conflict("Nothing waits to be confirmed for this person any more")
		case yes && (a.ID == actor.Account || actor.Account == "" || r.By == actor.Account):
			return forbidden("A second person confirms this: another administrator, or whoever runs this service")
		}
		a.Reset = nil
		if !yes {
			return w.tellPerson(a, "Your way to sign in to Jointly stays", "The reset that was asked for was refused. You sign in as before.")
		}
		return w.reset(a)
	})
}

// ResetFactors takes away the second factors of an account at once. It is for the operator at the machine, who has looked at
// the person: no page offers it.
func (c *Catalogue) ResetFactors(ctx context.Context, actor Actor, email string) (*Account, error) {
	var out *Account
	err := c.write(ctx, actor, ResetFactors, func(w *writer) error {
		if !actor.IsOperator() || actor.SignedIn() {
			return forbidden("Only a command of the operator does this alone")
		}
		a, err := accountByEmail(w.tx, NormaliseEmail(email))
		if err != nil {
			return err
		}
		if a == nil {
			return notFound("account")
		}
		out, a.Reset = a, nil
		if err := w.reset(a); err != nil {
			return err
		}
		return w.put(a)
	})
	return out, err
}

// reset takes away the factors of an account and signs it out everywhere.
func (w *writer) reset(a *Account) error {
	if err := w.forgetFactors(a.ID); err != nil {
		return err
	}
	return w.tellPerson(a, "How you sign in to Jointly was reset",
		"Your passkeys, your authenticator app and your recovery codes no longer work, and you are signed out everywhere. Sign in with a code sent to this address; you are then asked to set up a new second factor.")
}

// forgetFactors removes the factors and the sessions of an account.
func (w *writer) forgetFactors(account string) error {
	if err := w.signOut(account); err != nil {
		return err
	}
	keys, err := credentialsOf(w.tx, account)
	if err != nil || keys.Version == 0 {
		return err
	}
	action := w.action
	w.action = FollowOn
	defer func() { w.action = action }()
	return w.remove(keys)
}
