package exchange

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"jointly/catalogue"
)

// ExportOwn writes all that a council has in the catalogue as one zip: its records kind by kind as JSON lines, whole; its
// contracts and intentions also in the form in which they are imported; its people; its part of the audit trail with the head
// of the whole; and of groups what the actor may see. Forbidden for whoever does not lead or administer a council.
func ExportOwn(ctx context.Context, c *catalogue.Catalogue, actor catalogue.Actor, w io.Writer) error {
	if err := catalogue.MayTakeOut(actor); err != nil {
		return err
	}
	head, err := c.AuditHead(ctx)
	if err != nil {
		return err
	}
	z := zip.NewWriter(w)
	for _, kind := range catalogue.StoredKinds() {
		if err := writeOwn(ctx, c, actor, kind, z); err != nil {
			return err
		}
	}
	trail, err := c.Trail(ctx, actor, mostOfTrail)
	if err != nil {
		return err
	}
	if err := writeLines(z, "audit.jsonl", func(line func(any) error) error {
		for _, e := range trail {
			if err := line(e); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	if err := writeHead(z, head); err != nil {
		return err
	}
	return z.Close()
}

// writeHead names the end of the whole audit trail, which 'jointly verify --head' compares: what the council took out shows
// later whether its trail was cut off or rewritten.
func writeHead(z *zip.Writer, head catalogue.AuditHead) error {
	out, err := z.Create("audit-head.txt")
	if err == nil {
		_, err = fmt.Fprintln(out, head)
	}
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

// mostOfTrail bounds the audit events that an export holds: the latest.
const mostOfTrail = 10_000

// writeOwn writes the records of a kind that are the council's, and for those that can be imported that form as well.
func writeOwn(ctx context.Context, c *catalogue.Catalogue, actor catalogue.Actor, kind catalogue.Kind, z *zip.Writer) error {
	var own []catalogue.Item
	if err := c.Each(ctx, actor, kind, func(item catalogue.Item) error {
		if catalogue.Concerns(item, actor) {
			own = append(own, item)
		}
		return ctx.Err()
	}); err != nil {
		return err
	}
	if len(own) == 0 {
		return nil
	}
	if err := writeResearch(ctx, c, actor, own, z); err != nil {
		return err
	}
	if err := writeLines(z, plural(kind)+".jsonl", func(line func(any) error) error {
		for _, item := range own {
			if err := line(item); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	return writeLines(z, "to-import/"+plural(kind)+".jsonl", func(line func(any) error) error {
		for _, item := range own {
			var err error
			switch it := item.(type) {
			case *catalogue.Contract:
				err = line(contractOut(it))
			case *catalogue.Intention:
				err = line(intentionOut(it))
			case *catalogue.Return:
				for _, out := range returnsOut(it) {
					err = errors.Join(err, line(out))
				}
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func plural(kind catalogue.Kind) string {
	if strings.HasSuffix(string(kind), "ch") {
		return string(kind) + "es"
	}
	return string(kind) + "s"
}

// writeResearch writes each record of a search that was ended as a file of its own, with all its results.
func writeResearch(ctx context.Context, c *catalogue.Catalogue, actor catalogue.Actor, own []catalogue.Item, z *zip.Writer) error {
	for _, item := range own {
		r, ok := item.(*catalogue.Research)
		if !ok || r.Draft() {
			continue
		}
		v, err := c.Research(ctx, actor, r.ID)
		if err != nil {
			return err
		}
		out, err := z.Create("research/" + r.ID + ".json")
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		if err := ResearchJSON(out, v); err != nil {
			return err
		}
	}
	return nil
}

// writeLines adds a file of JSON lines to a zip once there is a line to write.
func writeLines(z *zip.Writer, name string, fill func(line func(any) error) error) error {
	var enc *json.Encoder
	return fill(func(v any) error {
		if enc == nil {
			out, err := z.Create(name)
			if err != nil {
				return fmt.Errorf("export: %w", err)
			}
			enc = encoder(out)
		}
		if err := enc.Encode(v); err != nil {
			return fmt.Errorf("export: %w", err)
		}
		return nil
	})
}
