package main

import (
	"net/http"
	"testing"
)

// runs is who runs the service.
const runs = "Operator of this service (demonstration)"

// supplierProposes: a supplier proposes its product, the operator accepts it, a council confirms that it uses it, and the
// mark that only the supplier stands for it goes.
func supplierProposes(t *testing.T, b *browser, s *service) {
	seller, looks, operator, council := b.tab(t, s), b.tab(t, s), b.tab(t, s), b.tab(t, s)
	seller.withoutScript()
	seller.signIn(supplier)
	seller.follow("Your supplier account")
	seller.follow("Propose a platform")
	seller.fill("", "What is it called?", "Quillbrook Kerbside")
	seller.fill("", "What does it do?", "Invented product: kerbside permits and suspensions.")
	if status := seller.press("Send it"); status != http.StatusBadRequest {
		t.Fatalf("a proposal of nothing in particular is answered with %d", status)
	}
	seller.sees("Say at least one thing the platform is for")
	seller.fill("", "What is it mainly for?", "Parking")
	seller.fill("", "How is it left, and data returned?", "Three months' notice; data as CSV.")
	if status := seller.press("Send it"); status != http.StatusOK || seller.path() != "/supplier" {
		t.Fatalf("proposing leads to %s with %d: %s", seller.path(), status, clip(seller.text()))
	}
	seller.sees("Quillbrook Kerbside is proposed", "List Quillbrook Kerbside", "Waits")

	operator.signIn(runs)
	operator.follow("What waits for a decision")
	operator.sees("Quillbrook Systems (demonstration) proposes Quillbrook Kerbside", "Three months' notice; data as CSV.", "Asked on")
	operator.fits()
	operator.press("Grant it")
	operator.sees("Granted. The person is told.")
	operator.quiet()

	council.signIn(lead)
	council.open("/platforms/quillbrook-kerbside")
	council.sees("Stated by the supplier", "The mark goes when a council confirms that it uses it")
	council.fits()
	council.press("Confirm that we use it")
	council.sees("Thank you.", "Confirmed by the council")
	council.open("/platforms/quillbrook-kerbside")
	if value[bool](council, `document.querySelector('#stated-by-supplier') !== null || document.querySelector('#before').innerText.includes('stated by the supplier')`) {
		t.Error("the mark stays after a council confirmed that it uses it")
	}
	council.fits()
	council.quiet()

	looks.signIn(supplier) // the accessibility checker needs JavaScript
	for _, path := range []string{"/supplier", "/supplier/platforms/new", "/platforms/quillbrook-kerbside/edit", "/platforms/civica-pay/keep", "/follow", "/people"} {
		looks.open(path)
		looks.fits()
	}
	looks.open("/follow")
	looks.fill("", "Region or nation", "North West")
	looks.press("Follow this region")
	looks.sees("You follow it.", "One email a day")
	looks.quiet()
	council.open("/market/planning-bc")
	council.sees("Who holds the market", "Index (HHI)")
	council.fits()
	council.open("/market")
	council.fits()
	council.quiet()
}
