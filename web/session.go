package web

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"

	"jointly/catalogue"
)

// How long a session lasts: without a request, and at all.
const (
	sessionIdle = 12 * time.Hour
	sessionLife = 7 * 24 * time.Hour
)

// sessionStore keeps gorilla's sessions in the catalogue's store: the cookie holds a signed secret name, nothing else.
type sessionStore struct {
	catalogue *catalogue.Catalogue
	codecs    []securecookie.Codec
	name      string
	secure    bool
}

func newSessionStore(c *catalogue.Catalogue, keys [][]byte, secure bool) *sessionStore {
	pairs := make([][]byte, 0, 2*len(keys))
	for _, k := range keys {
		pairs = append(pairs, k, nil)
	}
	s := &sessionStore{catalogue: c, codecs: securecookie.CodecsFromPairs(pairs...), name: "jointly", secure: secure}
	if secure {
		s.name = "__Host-jointly" // a browser takes it only over TLS, for this host, for all paths
	}
	for _, codec := range s.codecs {
		if sc, ok := codec.(*securecookie.SecureCookie); ok {
			sc.MaxAge(int(sessionLife.Seconds()))
		}
	}
	return s
}

// Get returns the request's session, a new one where it has none.
func (s *sessionStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New reads the session that the request's cookie names.
func (s *sessionStore) New(r *http.Request, name string) (*sessions.Session, error) {
	out := sessions.NewSession(s, name)
	out.IsNew = true
	out.Options = &sessions.Options{Path: "/", MaxAge: int(sessionLife.Seconds()), HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode}
	cookie, err := r.Cookie(name)
	if err != nil {
		return out, nil
	}
	var id string
	if err := securecookie.DecodeMulti(name, cookie.Value, &id, s.codecs...); err != nil {
		return out, nil // not ours, too old, or signed with a key that is gone: as if there were none
	}
	kept, account, _, err := s.catalogue.Session(r.Context(), id)
	if err != nil {
		return out, err
	}
	if kept == nil {
		return out, nil
	}
	out.ID, out.IsNew = id, false
	out.Values["kept"] = kept
	if account != nil {
		out.Values["account"] = account
	}
	for k, v := range kept.Values {
		out.Values[k] = v
	}
	return out, nil
}

// Save stores the session, or ends it where its MaxAge is negative, and sets the cookie.
func (s *sessionStore) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	if session.Options.MaxAge < 0 {
		if session.ID != "" {
			if err := s.catalogue.EndSession(r.Context(), session.ID); err != nil {
				return err
			}
		}
		http.SetCookie(w, sessions.NewCookie(session.Name(), "", session.Options))
		return nil
	}
	now := s.catalogue.Now()
	kept := catalogue.Session{Begun: now, Agent: r.UserAgent(), Values: map[string]string{}}
	for k, v := range session.Values {
		name, ok := k.(string)
		if !ok {
			return errors.New("a session's values have names")
		}
		switch v := v.(type) {
		case *catalogue.Account:
			kept.Account = v.ID
		case *catalogue.Session:
			kept.Begun, kept.Proved, kept.Provider, kept.Pending = v.Begun, v.Proved, v.Provider, v.Pending
		case time.Time: // of a second factor that was used to begin it
			kept.Proved = v
		case string:
			kept.Values[name] = v
		}
	}
	expires := now.Add(sessionIdle)
	if end := kept.Begun.Add(sessionLife); end.Before(expires) {
		expires = end
	}
	if session.ID == "" {
		name, err := catalogue.SessionName()
		if err != nil {
			return err
		}
		if err := s.catalogue.BeginSession(r.Context(), name, kept, expires); err != nil {
			return err
		}
		session.ID = name
	} else if done, err := s.catalogue.SaveSession(r.Context(), session.ID, kept.Values, expires); err != nil || !done {
		return err // it ended meanwhile: no cookie either
	}
	encoded, err := securecookie.EncodeMulti(session.Name(), session.ID, s.codecs...)
	if err != nil {
		return err
	}
	http.SetCookie(w, sessions.NewCookie(session.Name(), encoded, session.Options))
	return nil
}

// session is what handlers know of the request's session; nil where the visitor has none.
type session struct {
	*sessions.Session
	changed bool
}

func (s *session) value(name string) string {
	if s == nil {
		return ""
	}
	v, _ := s.Values[name].(string)
	return v
}

func (s *session) set(name, value string) {
	if s == nil {
		return
	}
	if value == "" {
		delete(s.Values, name)
	} else {
		s.Values[name] = value
	}
	s.changed = true
}

func (s *session) flash() string { return s.value("flash") }

// takeFlash is the message for the next page, once.
func (s *session) takeFlash() string {
	text := s.flash()
	if text != "" {
		s.set("flash", "")
	}
	return text
}

// wrote remembers the last change that this visitor made, so that the next search shows it.
func (s *session) wrote(version uint64) { s.set("seq", strconv.FormatUint(version, 10)) }

func (s *session) lastWrite() uint64 {
	n, err := strconv.ParseUint(s.value("seq"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// visitor finds out who asks. A visitor without a cookie costs nothing.
func (s *site) visitor(c *gin.Context) (visitor, error) {
	v := visitor{actor: catalogue.Anonymous()}
	if _, err := c.Request.Cookie(s.sessions.name); err != nil {
		return v, nil
	}
	found, err := s.sessions.New(c.Request, s.sessions.name)
	if err != nil {
		return v, err
	}
	if found.IsNew {
		return v, nil
	}
	v.session = &session{Session: found}
	// An idle session ends; a used one is extended, but not written at every request.
	if begun, ok := found.Values["touched"].(string); !ok || begun != s.Catalogue.Now().Format("2006-01-02T15") {
		v.session.set("touched", s.Catalogue.Now().Format("2006-01-02T15"))
	}
	account, ok := found.Values["account"].(*catalogue.Account)
	if !ok || account.Demonstration && !s.Demo {
		return v, nil // a persona is somebody with --demo only
	}
	kept, ok := found.Values["kept"].(*catalogue.Session)
	if !ok || kept.Stage != catalogue.StageIn {
		v.entering = account // it acts as nobody yet
		if ok {
			v.stage = kept.Stage
		}
		return v, nil
	}
	v.account, v.actor = account, account.Actor("web")
	v.actor.Proved = s.Catalogue.Fresh(kept) || account.Demonstration
	return v, s.describe(c, &v)
}

// describe fills in what pages say of who is signed in.
func (s *site) describe(c *gin.Context, v *visitor) error {
	switch v.actor.OrgKind {
	case catalogue.OrgCouncil:
		waiting, err := s.Catalogue.Waiting(c, v.actor)
		if err != nil {
			return err
		}
		v.org, v.todo = v.actor.Org, waiting.Sum()
		if waiting.Council != nil {
			v.org = waiting.Council.Label()
		}
	case catalogue.OrgSupplier:
		supplier, err := s.Catalogue.Supplier(c, v.actor, v.actor.Org)
		if err != nil && catalogue.KindOf(err) != catalogue.NotFound {
			return err
		}
		v.org = v.actor.Org
		if supplier != nil {
			v.org = supplier.Name
		}
		waiting, err := s.Catalogue.Waiting(c, v.actor)
		if err != nil {
			return err
		}
		v.todo = waiting.Sum()
	case catalogue.OrgBody:
		waiting, err := s.Catalogue.Waiting(c, v.actor)
		if err != nil {
			return err
		}
		found, err := s.Catalogue.Load(c, v.actor, []catalogue.Key{{Kind: catalogue.KindBody, ID: v.actor.Org}})
		if err != nil {
			return err
		}
		v.org, v.todo = v.actor.Org, waiting.Sum()
		if body, ok := found[0].(*catalogue.Body); ok {
			v.org = body.Label()
		}
	default:
		v.org = "Operator"
	}
	return nil
}

// begin gives a visitor a new session, signed in as an account or, with nil, as nobody yet. The old one ends.
func (s *site) begin(c *gin.Context, who visitor, account *catalogue.Account) (visitor, error) {
	return s.beginAs(c, who, account, nil)
}

// beginAs is begin with what is known of the session beside whose it is; nil: nothing.
func (s *site) beginAs(c *gin.Context, who visitor, account *catalogue.Account, kept *catalogue.Session) (visitor, error) {
	if who.session != nil && who.session.ID != "" {
		if err := s.Catalogue.EndSession(c, who.session.ID); err != nil {
			return who, err
		}
	}
	fresh := sessions.NewSession(s.sessions, s.sessions.name)
	fresh.Options = &sessions.Options{Path: "/", MaxAge: int(sessionLife.Seconds()), HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode}
	out := visitor{actor: catalogue.Anonymous(), session: &session{Session: fresh, changed: true}}
	if account == nil {
		return out, nil
	}
	fresh.Values["account"] = account
	if kept != nil {
		fresh.Values["kept"] = kept
	}
	out.account, out.actor = account, account.Actor("web")
	return out, s.describe(c, &out)
}

// end signs a visitor out.
func (s *site) end(c *gin.Context, who visitor) error {
	if who.session == nil {
		return nil
	}
	who.session.Options.MaxAge = -1
	return s.sessions.Save(c.Request, c.Writer, who.session.Session)
}

func (s *site) saveSession(c *gin.Context, who visitor) error {
	if who.session == nil || !who.session.changed {
		return nil
	}
	who.session.changed = false
	return s.sessions.Save(c.Request, c.Writer, who.session.Session)
}
