package register

import (
	"fmt"
	"io/fs"

	"jointly/catalogue/table"
)

// ChannelCost is what a study published a contact to cost. Studies count different things and are old: it is shown as a
// range with its source and year, and never used as a figure of today.
type ChannelCost struct {
	Channel   string  // online, phone, face_to_face or post
	Low, High float64 // pounds, as of the year; the same where the study gives one figure
	Unit      string  // what was counted, such as contact or website visit
	Study     string
	Year      int // 0: not dated
	Note      string
}

// ChannelCosts are the published costs of a channel, in the order of the file.
func (r *Register) ChannelCosts(channel string) []ChannelCost {
	var out []ChannelCost
	for _, c := range r.channelCosts {
		if c.Channel == channel {
			out = append(out, c)
		}
	}
	return out
}

func (r *Register) readChannelCosts(data fs.FS) error {
	return table.Read(data, "channel_costs.csv", "channel,low,high,unit,study,year,note", func(row *table.Row) error {
		c := ChannelCost{Channel: row.OneOf("channel", "online", "phone", "face_to_face", "post"), Low: row.Float("low"), High: row.Float("high"),
			Unit: row.Need("unit"), Study: row.Need("study"), Note: row.Text("note")}
		if row.Text("year") != "" {
			c.Year = row.Integer("year")
		}
		if c.Low < 0 || c.High < c.Low {
			return fmt.Errorf("low: %v to %v is no range", c.Low, c.High)
		}
		r.channelCosts = append(r.channelCosts, c)
		return nil
	})
}
