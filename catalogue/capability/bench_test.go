package capability_test

import (
	"strings"
	"testing"

	"jointly/catalogue/capability"
)

// hundredWords is a need as it may be written into the form, a hundred words long.
const hundredWords = `Our contract for the revenues and benefits system ends in March 2028 and cannot be extended again. We are looking
for a hosted replacement that covers council tax, business rates, housing benefit and council tax reduction, with online
self service for residents, e-billing, automation of universal credit notices and a link to our income management and
document management systems. The new product must support annual billing for 95,000 properties, recovery up to liability
order, discretionary housing payments and the statutory subsidy claim. Two neighbouring districts share our service and
would join. Data migration, training and five years of support are part of the purchase.`

func BenchmarkRead(b *testing.B) {
	d := load(b)
	if n := len(strings.Fields(hundredWords)); n < 90 || n > 110 {
		b.Fatalf("the text has %d words", n)
	}
	b.ReportAllocs()
	for b.Loop() {
		d.Read("Replacement revenues and benefits system", hundredWords)
	}
}

func BenchmarkUnderstand(b *testing.B) {
	d := load(b)
	b.ReportAllocs()
	for b.Loop() {
		d.Understand("who uses parking enforcment software in Kent?")
	}
}

func BenchmarkCosine(b *testing.B) {
	d := load(b)
	x, y := d.Read("Revs and bens", hundredWords), d.Read("Council tax and NNDR platform", "Local taxation and benefits processing")
	for b.Loop() {
		capability.Cosine(x, y)
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load(b)
	}
}

// load gives the dictionary that the program carries.
func load(t testing.TB) *capability.Dictionary {
	t.Helper()
	d, err := capability.Load()
	if err != nil {
		t.Fatal(err)
	}
	return d
}
