package main

import (
	"context"
	"errors"
	"log/slog"
)

// dispatch runs a command: in the process that serves the data folder where there is one, else here.
func dispatch(ctx context.Context, g Globals, cmd command, req request, s streams) (err error) {
	if own, ok := cmd.(interface{ ownsFolder() }); ok {
		own.ownsFolder()
		return cmd.run(ctx, &app{globals: g}, s)
	}
	status, served, err := remote(ctx, g, req, s)
	if err != nil {
		return err
	}
	if served {
		return exitStatus(status)
	}
	a, err := opened(ctx, g, logger(g, s, slog.LevelWarn))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	return cmd.run(ctx, a, s)
}

// statusError carries the exit status of a command that ran elsewhere and has said what it had to say.
type statusError int

func (statusError) Error() string { return "" }

func exitStatus(n int) error {
	if n == statusDone {
		return nil
	}
	return statusError(n)
}
