package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// While serve runs it holds the data folder; other commands reach it through a Unix socket in the folder. A request is
// one line of JSON; the answer is frames of what the command prints, then its exit status.

// socketFile is the socket in a data folder; servingFile says who holds the folder.
const (
	socketFile  = "jointly.sock"
	servingFile = "serving.json"
)

// remoteRequest is a command line and where it was given: paths in it are relative to that folder.
type remoteRequest struct {
	Args   []string `json:"args"`
	Folder string   `json:"folder"`
}

// Frames of an answer.
const (
	frameOut    = 'o'
	frameErr    = 'e'
	frameStatus = 's'
)

// serving is who serves a data folder.
type serving struct {
	PID     int       `json:"pid"`
	Address string    `json:"address"`
	Since   time.Time `json:"since"`
}

// holder says in words who serves a data folder; empty where nothing says so.
func holder(dir string) string {
	b, err := os.ReadFile(filepath.Join(dir, servingFile))
	if err != nil {
		return ""
	}
	var h serving
	if json.Unmarshal(b, &h) != nil {
		return ""
	}
	return fmt.Sprintf("'jointly serve' (process %d, at %s, since %s)", h.PID, h.Address, h.Since.Format("15:04 on 2 January 2006"))
}

// shortPath is a path to a socket that the system takes: a longer one than it allows is reached through the folder's
// descriptor. Close the closer when the path is no longer needed.
func shortPath(dir string) (string, io.Closer, error) {
	const longest = 100
	path := filepath.Join(dir, socketFile)
	if len(path) <= longest {
		return path, io.NopCloser(nil), nil
	}
	folder, err := os.Open(dir)
	if err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", folder.Fd(), socketFile), folder, nil
}

// listen opens the socket of a data folder that this process holds; one that a killed process left is taken over.
func listen(dir string) (net.Listener, io.Closer, error) {
	if err := os.Remove(filepath.Join(dir, socketFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, nil, fmt.Errorf("socket: %w", err)
	}
	path, closer, err := shortPath(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("socket: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("socket: %w", err), closer.Close())
	}
	if err := os.Chmod(filepath.Join(dir, socketFile), 0o600); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("socket: %w", err), l.Close(), closer.Close())
	}
	return l, closer, nil
}

// remote asks the process that serves the data folder to run a command; served is false where there is none.
func remote(ctx context.Context, g Globals, args []string, s streams) (status int, served bool, err error) {
	if _, err := os.Stat(filepath.Join(g.Data, socketFile)); err != nil {
		return 0, false, nil
	}
	path, closer, err := shortPath(g.Data)
	if err != nil {
		return 0, false, nil
	}
	defer closer.Close()
	conn, err := new(net.Dialer).DialContext(ctx, "unix", path)
	if err != nil {
		return 0, false, nil // left by a process that is gone
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() }) // the server ends the command when we are gone
	defer stop()
	folder, err := os.Getwd()
	if err != nil {
		return 0, false, fmt.Errorf("find the present folder: %w", err)
	}
	if err := json.NewEncoder(conn).Encode(remoteRequest{args, folder}); err != nil {
		return 0, false, fmt.Errorf("ask the running service: %w", err)
	}
	for {
		kind, payload, err := readFrame(conn)
		if err != nil {
			return 0, true, fmt.Errorf("the running service broke off; look at its log: %w", err)
		}
		switch kind {
		case frameOut:
			_, err = s.out.Write(payload)
		case frameErr:
			_, err = s.err.Write(payload)
		case frameStatus:
			return int(payload[0]), true, nil
		}
		if err != nil {
			return 0, true, err
		}
	}
}

// answer runs one command that came through the socket.
func (a *app) answer(ctx context.Context, conn net.Conn) {
	defer conn.Close()
	var req remoteRequest
	in := json.NewDecoder(io.LimitReader(conn, 1<<20))
	if err := in.Decode(&req); err != nil {
		a.log.Error("a command could not be read", "error", err)
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { // whoever asked has gone: stop
		if _, err := conn.Read(make([]byte, 1)); err != nil {
			cancel()
		}
	}()
	var mu sync.Mutex
	s := streams{in: eof{}, out: &frameWriter{conn, frameOut, &mu}, err: &frameWriter{conn, frameErr, &mu}}
	status := a.runHere(ctx, req, s)
	if _, err := (&frameWriter{conn, frameStatus, &mu}).Write([]byte{byte(status)}); err != nil {
		a.log.Warn("a command's end could not be told", "error", err)
	}
}

// runHere runs a command line over the open data folder.
func (a *app) runHere(ctx context.Context, req remoteRequest, s streams) int {
	var c cli
	parsed, status, done := parse(&c, req.Args, s)
	if done {
		return status
	}
	cmd, ok := parsed.Selected().Target.Addr().Interface().(command)
	if !ok {
		return statusUsage
	}
	if p, ok := cmd.(interface{ relativeTo(folder string) }); ok {
		p.relativeTo(req.Folder)
	}
	on, err := a.at(c.Globals)
	if err != nil {
		return report(s.err, err)
	}
	return report(s.err, cmd.run(ctx, on, s))
}

type eof struct{}

func (eof) Read([]byte) (int, error) { return 0, io.EOF }

// frameWriter writes each piece as one frame: kind, length as 4 bytes, bytes.
type frameWriter struct {
	w    io.Writer
	kind byte
	mu   *sync.Mutex
}

func (f *frameWriter) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	head := binary.BigEndian.AppendUint32([]byte{f.kind}, uint32(len(p)))
	if _, err := f.w.Write(append(head, p...)); err != nil {
		return 0, err
	}
	return len(p), nil
}

const maxFrame = 64 << 20

func readFrame(r io.Reader) (kind byte, payload []byte, err error) {
	head := make([]byte, 5)
	if _, err := io.ReadFull(r, head); err != nil {
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(head[1:])
	if n > maxFrame || head[0] == frameStatus && n != 1 {
		return 0, nil, errors.New("a frame of an impossible length")
	}
	payload = make([]byte, n)
	_, err = io.ReadFull(r, payload)
	return head[0], payload, err
}
