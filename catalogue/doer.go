package catalogue

// Doer is who did something that is the operator's to do: a person of the service, a command, or the service itself.
type Doer struct {
	Account string `json:"account,omitempty"`
	Via     string `json:"via,omitempty"` // web, command, or job: the service by itself
}

func doerOf(a Actor) Doer { return Doer{a.Account, a.Via} }

// Itself says that the service did it on the day, without a person.
func (d Doer) Itself() bool { return d.Via == "job" }
