package main

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"strings"
	"time"

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
	policy := map[string]mail.TLSPolicy{"required": mail.TLSMandatory, "opportunistic": mail.TLSOpportunistic, "none": mail.NoTLS}[f.TLS]
	options := []mail.Option{mail.WithPort(f.Port), mail.WithTLSPolicy(policy), mail.WithTimeout(20 * time.Second)}
	if f.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(f.User), mail.WithPassword(f.Password))
	}
	client, err := mail.NewClient(f.Host, options...)
	if err != nil {
		return nil, usage("the mail server: %v", err)
	}
	if err := mail.NewMsg().From(f.From); err != nil {
		return nil, usage("--smtp-from takes an address, such as Jointly <no-reply@jointly.example>")
	}
	return &smtpSender{client: client, from: f.From, base: base, log: a.log}, nil
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
		s.log.Warn("a mail is dropped: its address cannot be written to", "error", err)
		return nil
	}
	out.Subject(m.Subject)
	out.SetGenHeader("Auto-Submitted", "auto-generated")
	out.SetBodyString(mail.TypeTextPlain, plainBody(m, s.base))
	if err := out.AddAlternativeHTMLTemplate(htmlBody(), body{m, s.base}); err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	err := s.client.DialAndSendWithContext(ctx, out)
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

// logSender shows mails to whoever runs the program: for trying it out.
type logSender struct{ s streams }

func (l logSender) Send(_ context.Context, m catalogue.Message) error {
	_, err := fmt.Fprintf(l.s.err, "mail to %q: %q\n", m.To, m.Subject)
	return err
}

// body is what the HTML of a mail shows.
type body struct {
	catalogue.Message
	Base string
}

func plainBody(m catalogue.Message, base string) string {
	text := strings.Join(m.Text, "\n\n")
	if m.Link != "" {
		text += "\n\n" + m.LinkText + ":\n" + base + m.Link
	}
	return text + "\n\nJointly\n"
}

// htmlBody has no picture and no link but the one: what mail programs show as it is.
func htmlBody() *template.Template {
	return template.Must(template.New("mail").Parse(`<!DOCTYPE html>
<html lang="en-GB"><body>
{{range .Text}}<p>{{.}}</p>
{{end}}{{if .Link}}<p><a href="{{.Base}}{{.Link}}">{{.LinkText}}</a></p>
{{end}}<p>Jointly</p>
</body></html>
`))
}
