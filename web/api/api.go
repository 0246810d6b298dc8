// Package api is Jointly for programs: JSON over HTTP, the public's view, without signing in. Errors are problem details
// (RFC 9457), and /api/v1/openapi.json describes it all.
package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"jointly/catalogue"
	"jointly/search"
)

// Version is that of the API as a whole; what it says only grows.
const Version = "1.0.0"

// New is the API over a catalogue and its search index. Faults of our own go to the log, and to the caller as a reference to it.
func New(cat *catalogue.Catalogue, index *search.Index, log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	config := huma.DefaultConfig("Jointly", Version)
	config.Info.Description = "The joint ICT procurement catalogue of the UK’s councils, as anybody may see it."
	config.OpenAPIPath = "/api/v1/openapi"
	config.DocsPath, config.SchemasPath = "", ""
	config.CreateHooks = nil // answers hold what is documented, and no link to their schema
	config.RejectUnknownQueryParameters = true
	service := &service{cat: cat, index: index, log: log}
	routes := humago.New(mux, config)
	huma.Register(routes, huma.Operation{
		OperationID: "signals", Method: http.MethodGet, Path: "/api/v1/signals",
		Summary:     "List what councils tell suppliers that they will buy",
		Description: "Published signals, open ones first, then the latest changed; each with its answered questions. Filters narrow each other.",
		Errors:      []int{http.StatusBadRequest, http.StatusServiceUnavailable},
	}, service.signals)
	huma.Register(routes, huma.Operation{
		OperationID: "search", Method: http.MethodGet, Path: "/api/v1/search",
		Summary:     "Search the catalogue",
		Description: "Finds platforms, contracts, intentions, groups, signals, examples, councils, suppliers and services that the public may see. Values of one filter are alternatives; filters narrow each other.",
		Errors:      []int{http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusServiceUnavailable},
	}, service.search)
	return mux
}

type service struct {
	cat   *catalogue.Catalogue
	index *search.Index
	log   *slog.Logger
}

// problem turns an error of the domain into problem details; what is not for the caller stays in the log.
func (s *service) problem(err error) error {
	var known *catalogue.Error
	if errors.Is(err, context.Canceled) {
		return huma.NewError(499, "The request was given up")
	}
	if !errors.As(err, &known) || known.Kind == catalogue.Internal {
		reference := catalogue.NewID()
		s.log.Error("API request failed", "reference", reference, "error", err)
		return huma.NewError(http.StatusInternalServerError, "Sorry, there is a problem with the service. Reference: "+reference)
	}
	details := make([]error, 0, len(known.Fields))
	for _, f := range known.Fields {
		details = append(details, &huma.ErrorDetail{Message: f.Message, Location: "query." + f.Field})
	}
	switch known.Kind {
	case catalogue.TooLarge:
		return huma.NewError(http.StatusRequestEntityTooLarge, known.Message, details...)
	case catalogue.Unavailable:
		return huma.ErrorWithHeaders(huma.NewError(http.StatusServiceUnavailable, known.Message, details...), http.Header{"Retry-After": {"30"}})
	}
	return huma.NewError(http.StatusBadRequest, known.Message, details...)
}
