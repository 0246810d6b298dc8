package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/wneessen/go-mail"

	"jointly/catalogue"
)

// mailFlags name the mail server. Without one, mails are written to the log.
type mailFlags struct {
	Host     string `help:"Mail server that sends Jointly's mail." env:"JOINTLY_SMTP_HOST" placeholder:"HOST"`
	Port     int    `help:"Its port." default:"587" env:"JOINTLY_SMTP_PORT"`
	User     string `help:"User to sign in to it as." env:"JOINTLY_SMTP_USER"`
	Password string `help:"Password; better in the environment." env:"JOINTLY_SMTP_PASSWORD"`
	From     string `help:"Sender of every mail." default:"Jointly <no-reply@jointly.example>" env:"JOINTLY_SMTP_FROM"`
	TLS      string `help:"required, opportunistic or none." enum:"required,opportunistic,none" default:"required" env:"JOINTLY_SMTP_TLS"`
}

// sender is the mail server's, or one that writes to the diagnostics.
func (f mailFlags) sender(demo bool, base string, a *app, s streams) (catalogue.Sender, error) {
	if f.Host == "" {
		if !demo {
			a.log.Warn("no mail server is named (--smtp-host): mails, sign-in codes among them, are written here")
		}
		return logSender{s}, nil
	}
	client, err := f.client(20 * time.Second)
	if err != nil {
		return nil, usage("the mail server: %v", err)
	}
	if err := mail.NewMsg().From(f.From); err != nil {
		return nil, usage("--smtp-from takes an address, such as Jointly <no-reply@jointly.example>")
	}
	return &smtpSender{client: client, from: f.From, base: base, log: a.log}, nil
}

// client talks to the mail server; each step may take so long.
func (f mailFlags) client(within time.Duration) (*mail.Client, error) {
	policy := map[string]mail.TLSPolicy{"required": mail.TLSMandatory, "opportunistic": mail.TLSOpportunistic, "none": mail.NoTLS}[f.TLS]
	options := []mail.Option{mail.WithPort(f.Port), mail.WithTLSPolicy(policy), mail.WithTimeout(within)}
	if f.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(f.User), mail.WithPassword(f.Password))
	}
	return mail.NewClient(f.Host, options...)
}

// smtpSender sends through a mail server.
type smtpSender struct {
	client *mail.Client
	from   string
	base   string
	log    *slog.Logger
}

// Send sends one mail. One whose address the server refuses for good is dropped and told of in the log: it would be tried
// for ever.
func (s *smtpSender) Send(ctx context.Context, m catalogue.Message) error {
	out := mail.NewMsg()
	if err := out.From(s.from); err != nil {
		return fmt.Errorf("mail from %s: %w", s.from, err)
	}
	if err := out.To(m.To); err != nil {
		s.log.Warn("a mail is dropped: its address cannot be written to", "error", nameless(err, m.To))
		return nil
	}
	out.Subject(m.Subject)
	out.SetGenHeader("Auto-Submitted", "auto-generated")
	if m.Stop != "" {
		out.SetGenHeader(mail.HeaderListUnsubscribe, "<"+s.base+m.Stop+">")
		out.SetGenHeader(mail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	out.SetBodyString(mail.TypeTextPlain, plainBody(m, s.base))
	if err := out.AddAlternativeHTMLTemplate(htmlBody(), body{m, s.base, settings}); err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	err := nameless(s.client.DialAndSendWithContext(ctx, out), m.To)
	var failed *mail.SendError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &failed) && failed.Reason == mail.ErrSMTPRcptTo && !failed.IsTemp():
		s.log.Warn("a mail is dropped: the mail server refuses its address", "error", err)
		return nil
	}
	return fmt.Errorf("mail: %w", err)
}

// nameless is an error without the address that it is about: it goes to the log.
func nameless(err error, address string) error {
	if err == nil {
		return nil
	}
	return namelessError{strings.ReplaceAll(err.Error(), address, "address withheld"), err}
}

type namelessError struct {
	text string
	err  error
}

func (e namelessError) Error() string { return e.text }
func (e namelessError) Unwrap() error { return e.err }

// logSender shows mails to whoever runs the program: for trying it out.
type logSender struct{ s streams }

func (l logSender) Send(_ context.Context, m catalogue.Message) error {
	_, err := fmt.Fprintf(l.s.err, "mail to %q: %q\n", m.To, m.Subject)
	return err
}

// settings is where people choose which mail they get.
const settings = "/inbox/settings"

// body is what the HTML of a mail shows.
type body struct {
	catalogue.Message
	Base     string
	Settings string
}

func plainBody(m catalogue.Message, base string) string {
	blocks := slices.Clone(m.Text)
	link := func(text, path string) {
		if path != "" {
			blocks = append(blocks, text+":\n"+base+path)
		}
	}
	for _, part := range m.Parts {
		if part.Heading != "" {
			blocks = append(blocks, part.Heading+"\n"+strings.Repeat("-", utf8.RuneCountInString(part.Heading)))
		}
		for _, item := range part.Items {
			blocks = append(blocks, "* "+item.Subject)
			if item.Text != "" {
				blocks = append(blocks, item.Text)
			}
			link(item.LinkText, item.Link)
		}
		if part.Why != "" {
			blocks = append(blocks, part.Why)
		}
	}
	link(m.LinkText, m.Link)
	blocks = append(blocks, "Jointly")
	if m.Stop != "" {
		blocks = append(blocks, "--")
		if m.Why != "" {
			blocks = append(blocks, m.Why)
		}
		link("Why you get this, and how to change it", settings)
		link("Stop such mail (your inbox keeps everything)", m.Stop)
	}
	return strings.Join(blocks, "\n\n") + "\n"
}

//go:embed mail.html
var mailHTML string

// htmlBody has no picture, and all its style in place: what mail programs show as it is.
func htmlBody() *template.Template {
	return template.Must(template.New("mail").Parse(mailHTML))
}
