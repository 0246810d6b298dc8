package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/boombuler/barcode/qr"
	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// Setting up second factors, taking them away, and signing out elsewhere.

// enrolmentLink is the address by which authenticator apps take over a secret.
func enrolmentLink(email, secret string) string {
	q := url.Values{"secret": {secret}, "issuer": {"Jointly"}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}
	return "otpauth://totp/" + url.PathEscape("Jointly:"+email) + "?" + q.Encode()
}

// newSquare draws a text as a QR code.
func newSquare(text string) (square, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return square{}, fmt.Errorf("QR code: %w", err)
	}
	const quiet = 4 // dots of white around it, which readers need
	size := code.Bounds().Dx()
	var path strings.Builder
	for y := range size {
		for x := range size {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	return square{Size: size + 2*quiet, Path: path.String()}, nil
}

func (s *site) addApp(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	sealed, code := t.Get("enrolment"), t.text("code")
	if code == "" {
		err = missing("code", "Enter the code that the app shows")
	}
	var codes []string
	if err == nil {
		codes, err = s.Catalogue.AddAuthenticator(c, who.session.ID, sealed, code)
	}
	if catalogue.KindOf(err) == catalogue.TooLarge {
		err = missing("code", "Too many wrong codes were entered. Wait an hour and try again")
	}
	if catalogue.KindOf(err) != catalogue.Invalid {
		return s.enrolled(c, who, codes, "Your authenticator app is set up.", err)
	}
	secret, again := s.Catalogue.EnrolmentSecret(c, who.session.ID, sealed)
	if again == nil && secret == "" {
		secret, sealed, again = s.Catalogue.Enrolment(who.session.ID)
	}
	if again != nil {
		return again
	}
	return s.showApp(c, who, http.StatusBadRequest, secret, sealed, code, err)
}

// passkeyPage sets up a passkey.
type passkeyPage struct {
	view.Page
	Heading string
	Passkey *ceremony
	Fault   string
	Name    view.Input
}

func (s *site) newPasskeyForm(c *gin.Context, who visitor) error {
	if done, err := s.beforeChange(c, who); err != nil || done {
		return err
	}
	return s.showPasskey(c, who, http.StatusOK, deviceWords(c.Request.UserAgent()), nil)
}

func (s *site) showPasskey(c *gin.Context, who visitor, status int, name string, wrong error) error {
	if s.passkeys == nil {
		return &catalogue.Error{Kind: catalogue.NotFound, Message: "page not found"}
	}
	keys, err := s.Catalogue.Credentials(c, who.session.ID)
	if err != nil {
		return err
	}
	p := passkeyPage{Heading: "Set up a passkey", Fault: fieldError(wrong, "passkey"),
		Name: view.Input{Name: "name", Label: view.Label{Text: "What do you call it?"}, Hint: "So that you know it again when you have several", Value: name, Classes: "govuk-!-width-two-thirds", Error: fieldError(wrong, "name")}}
	if p.Passkey, err = s.makes(who.session.ID, who.person(), keys); err != nil {
		return err
	}
	p.Page = s.page(c, who, "/sign-in", p.Heading)
	p.Crumbs, p.Errors = enrolCrumbs(who, p.Heading), errorLinks(wrong, map[string]string{"passkey": "use-passkey"})
	return s.show(c, who, status, "set-up-passkey", p)
}

func (s *site) addPasskey(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	if s.passkeys == nil {
		return s.showPasskey(c, who, http.StatusNotFound, "", nil)
	}
	codes, err := s.Catalogue.AddPasskey(c, who.session.ID, t.Get("made-ceremony"), t.text("name"), s.passkeys.made(who.person(), t.Get("made-passkey")))
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showPasskey(c, who, http.StatusBadRequest, t.text("name"), err)
	}
	return s.enrolled(c, who, codes, "Your passkey is set up.", err)
}

// recoveryPage shows recovery codes, once.
type recoveryPage struct {
	view.Page
	Heading string
	Codes   []string
	Next    view.Button
}

// enrolled follows a factor that was set up: the session gets another name, and recovery codes are shown where they were
// made.
func (s *site) enrolled(c *gin.Context, who visitor, codes []string, message string, err error) error {
	if err != nil {
		return err
	}
	next := "/security"
	if who.account == nil {
		next = localPath(who.session.value("next"), "/desk")
	}
	if who, err = s.renew(c, who); err != nil {
		return err
	}
	if len(codes) == 0 {
		who.session.set("flash", message)
		return s.redirect(c, who, next)
	}
	return s.showRecovery(c, who, codes, next)
}

func (s *site) showRecovery(c *gin.Context, who visitor, codes []string, next string) error {
	p := recoveryPage{Heading: "Keep your recovery codes", Codes: codes, Next: view.Button{Text: "I have kept them: continue", Href: next}}
	p.Page = s.page(c, who, "/desk", p.Heading)
	return s.show(c, who, http.StatusOK, "recovery-codes", p)
}

func (s *site) renewRecovery(c *gin.Context, who visitor) error {
	codes, err := s.Catalogue.NewRecoveryCodes(c, who.session.ID)
	if err != nil {
		return err
	}
	return s.showRecovery(c, who, codes, "/security")
}

func (s *site) removeApp(c *gin.Context, who visitor) error { return s.removeFactor(c, who, "") }

func (s *site) removePasskey(c *gin.Context, who visitor) error {
	return s.removeFactor(c, who, c.Param("id"))
}

func (s *site) removeFactor(c *gin.Context, who visitor, passkey string) error {
	if err := s.Catalogue.RemoveFactor(c, who.session.ID, passkey); err != nil {
		return err
	}
	who.session.set("flash", "It is removed, and can no longer be used to sign in.")
	return s.redirect(c, who, "/security")
}

func (s *site) endOneSession(c *gin.Context, who visitor) error {
	if err := s.Catalogue.SignOut(c, who.actor, c.Param("id")); err != nil {
		return err
	}
	who.session.set("flash", "That browser is signed out.")
	return s.redirect(c, who, "/security")
}

// endSessions signs out everywhere, here too.
func (s *site) endSessions(c *gin.Context, who visitor) error {
	if err := s.Catalogue.SignOut(c, who.actor, ""); err != nil {
		return err
	}
	if err := s.end(c, who); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/sign-in")
	return nil
}
