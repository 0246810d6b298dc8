// Command jointly is the whole service: the web site, and the commands that fill it, read it and keep it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
	"unicode/utf8"

	"github.com/alecthomas/kong"

	"jointly/catalogue"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	status := run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(status)
}

// Exit status of every command.
const (
	statusDone    = 0
	statusFailed  = 1
	statusUsage   = 2
	statusRefused = 3 // bad input; nothing was written
)

// streams are where a command reads and writes: the process's own, or those of the process that asked through the
// socket.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// cli is the whole command line. Each flag has an environment variable JOINTLY_....
type cli struct {
	Globals

	Serve    serveCommand    `cmd:"" help:"Serve the web site."`
	Import   importCommand   `cmd:"" help:"Bring records in from files, or the public facts that come with the program."`
	Export   exportCommand   `cmd:"" help:"Write records out."`
	Match    matchCommand    `cmd:"" help:"Print suggested groups and their evidence."`
	Search   searchCommand   `cmd:"" help:"Search the catalogue."`
	Backup   backupCommand   `cmd:"" help:"Write the whole catalogue to one file, also while it is served."`
	Restore  restoreCommand  `cmd:"" help:"Fill an empty data folder or store from a backup."`
	Copy     copyCommand     `cmd:"" help:"Copy a catalogue to an empty store, of the same or the other kind, while nothing writes."`
	Verify   verifyCommand   `cmd:"" help:"Check every record, look-up, change and audit event."`
	Reindex  reindexCommand  `cmd:"" help:"Build the search index anew."`
	Learn    learnCommand    `cmd:"" help:"Learn matching weights from labelled intentions and pairs."`
	Evaluate evaluateCommand `cmd:"" help:"Report how good matching is, on labelled sets learned from and kept apart."`
	Account  accountCommand  `cmd:"" help:"Give, list and end accounts."`
	Check    checkCommand    `cmd:"" name:"check-config" help:"Look at every setting that serve would run with, and say what to do."`
	Provider providerCommand `cmd:"" help:"Let councils' people sign in with their councils' own accounts."`
	Succeed  succeedCommand  `cmd:"" help:"Hand over what a council has here to the council that takes its place."`
}

// Globals are the flags of every command.
type Globals struct {
	Data      string `help:"Folder that holds the catalogue." default:"./data" env:"JOINTLY_DATA" placeholder:"DIR"`
	Store     string `help:"Where the records are: bolt://PATH, or etcd://HOST:2379,HOST:2379/NAME; by default a file in the data folder." env:"JOINTLY_STORE" placeholder:"URL"`
	Reach     Reach  `embed:"" prefix:"store-"`
	Secret    string `help:"File with the secret, the same for all nodes of a catalogue; by default the data folder's own." env:"JOINTLY_SECRET" placeholder:"FILE"`
	AsOf      string `name:"as-of" help:"The day that matching, search and expiry take as today, such as 2027-04-01." env:"JOINTLY_AS_OF" placeholder:"DATE"`
	LogFormat string `name:"log-format" help:"How diagnostics are written: text or json." enum:"text,json" default:"text" env:"JOINTLY_LOG_FORMAT"`
}

// clock is the clock that --as-of asks for: that day, at the present time of day.
func (g Globals) clock() (func() time.Time, error) {
	if g.AsOf == "" {
		return time.Now, nil
	}
	d, err := catalogue.ParseDate(g.AsOf)
	if err != nil || !d.Exact() {
		return nil, usage("--as-of takes a day, such as 2027-04-01")
	}
	shift := time.Until(time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC))
	return func() time.Time { return time.Now().Add(shift) }, nil
}

// command is what every command can do: run over an open catalogue.
type command interface {
	run(ctx context.Context, a *app, s streams) error
}

// usageError is a mistake in how a command was called.
type usageError struct{ message string }

func (e usageError) Error() string { return e.message }

func usage(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// errRefused says that input was refused and told of already: nothing is left to print.
var errRefused = errors.New("refused")

// run parses the arguments and runs the command: here, or in the process that serves the data folder.
func run(ctx context.Context, args []string, s streams) int {
	folder, err := os.Getwd()
	if err != nil {
		return report(s.err, fmt.Errorf("the present folder is not there: %w", reason(err)))
	}
	cmd, g, status, done := understand(args, folder, s)
	if done {
		return status
	}
	return report(s.err, dispatch(ctx, g, cmd, request{args, folder, g.AsOf}, s))
}

// understand makes a command out of arguments that were given in a folder; done says that there is nothing to run, with
// the status to end with.
func understand(args []string, folder string, s streams) (cmd command, g Globals, status int, done bool) {
	var c cli
	parsed, status, done := parse(&c, args, s)
	if done {
		return nil, g, status, true
	}
	cmd, ok := parsed.Selected().Target.Addr().Interface().(command)
	if !ok {
		return nil, g, report(s.err, usage("no such command")), true
	}
	if p, ok := cmd.(interface{ relativeTo(folder string) }); ok {
		p.relativeTo(folder)
	}
	return cmd, c.Globals, 0, false
}

// parse reads the arguments; done says that there is nothing to run, with the status to end with.
func parse(c *cli, args []string, s streams) (parsed *kong.Context, status int, done bool) {
	for i, arg := range args {
		if !utf8.ValidString(arg) {
			return nil, report(s.err, usage("argument %d has bytes that are not text: write it in UTF-8", i+1)), true
		}
	}
	type exit int
	parser, err := kong.New(c, kong.Name("jointly"),
		kong.Description("Joint ICT procurement catalogue and collaboration marketplace for UK councils."),
		kong.Writers(s.out, s.err), kong.UsageOnError(), kong.Exit(func(code int) { panic(exit(code)) }))
	if err != nil {
		say(s.err, "jointly: %v\n", err)
		return nil, statusFailed, true
	}
	defer func() { // kong ends --help by calling Exit
		if p := recover(); p != nil {
			code, ok := p.(exit)
			if !ok {
				panic(p)
			}
			parsed, status, done = nil, int(code), true
		}
	}()
	parsed, err = parser.Parse(args)
	if err != nil {
		say(s.err, "jointly: %v\nRun 'jointly --help' to see how it is used.\n", err)
		return nil, statusUsage, true
	}
	return parsed, 0, false
}

// say writes diagnostics. Where they cannot be written, nobody is left to tell.
func say(w io.Writer, format string, args ...any) {
	_, _ = fmt.Fprintf(w, format, args...)
}

// report prints an error in words and gives its exit status.
func report(w io.Writer, err error) int {
	var u usageError
	var elsewhere statusError
	var bad badInput
	switch {
	case err == nil:
		return statusDone
	case errors.As(err, &elsewhere):
		return int(elsewhere)
	case errors.Is(err, errRefused):
		return statusRefused
	case errors.As(err, &bad):
		say(w, "jointly: %v\n", err)
		return statusRefused
	case errors.As(err, &u):
		say(w, "jointly: %s\n", u.message)
		return statusUsage
	case errors.Is(err, context.Canceled):
		say(w, "jointly: stopped before it was done\n")
		return statusFailed
	}
	say(w, "jointly: %v\n", err)
	switch catalogue.KindOf(err) {
	case catalogue.Invalid, catalogue.NotFound, catalogue.Conflict, catalogue.TooLarge:
		return statusRefused
	}
	return statusFailed
}
