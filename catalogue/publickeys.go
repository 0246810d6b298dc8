package catalogue

import (
	"context"

	"jointly/catalogue/kv"
)

// PublicKeys names the records of some kinds that anybody may see, kind by kind and within each in order of ID: at most so
// many altogether.
func (c *Catalogue) PublicKeys(ctx context.Context, most int, kinds ...Kind) ([]Key, error) {
	var out []Key
	err := c.view(ctx, func(tx kv.Tx) error {
		out = nil
		for _, kind := range kinds {
			if err := c.each(tx, kind, func(item Item) error {
				if len(out) == most {
					return kv.Stop
				}
				if _, ok := item.sees(Anonymous()); ok {
					out = append(out, item.Key())
				}
				return nil
			}); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}
