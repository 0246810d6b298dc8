package exchange

import "slices"

// RegisterField is a column that a contracts register may have.
type RegisterField struct {
	Name      string // in the guidance to the Transparency Code; columns of councils' own that are of use have names like these
	Title     string // as it is published
	Mandatory bool   // in the guidance
	Needed    bool   // here: a row without it is refused
	Kept      bool   // it goes into the record; the others are known, and passed over
	Exported  bool   // what this service's own exports say of a record: read back, and of no use in a register
	variants  []string
}

// Names of the fields that are read.
const (
	fieldOrganisation = "OrganisationLabel"
	fieldCode         = "OrganisationURI"
	fieldEffective    = "EffectiveDate"
	fieldRef          = "ContractReference"
	fieldOCID         = "OpenContractingID"
	fieldTitle        = "ContractTitle"
	fieldType         = "ContractType"
	fieldUnit         = "OrganisationalUnit"
	fieldDescription  = "Description"
	fieldCPV          = "CPVCode"
	fieldStart        = "StartDate"
	fieldEnd          = "EndDate"
	fieldReview       = "ReviewDate"
	fieldExtension    = "LastExtensionDate"
	fieldValue        = "ContractValue"
	fieldAnnual       = "AnnualValue"
	fieldSupplier     = "SupplierName"
	fieldProduct      = "Product"
	fieldRoute        = "ProcessType"

	fieldExtended   = "ExtensionMonths"
	fieldTerm       = "ContractTerm"
	fieldNotice     = "NoticeMonths"
	fieldBreak      = "BreakDate"
	fieldCapability = "Capability"
	fieldExVAT      = "ValueExVAT"
	fieldAudience   = "WhoCanSee"

	fieldGuessChecked    = "CapabilityConfirmed"
	fieldSaidOfTerms     = "RecordTerms"
	fieldSource          = "RecordSource"
	fieldSourceKind      = "RecordSourceKind"
	fieldSourceReference = "RecordSourceReference"
	fieldSourceNote      = "RecordSourceNote"
	fieldConfirmed       = "RecordConfirmed"
	fieldCorrected       = "RecordCorrected"
)

// registerFields are the columns of the guidance in its order, then those of councils' own that are of use. Variants are
// what councils write instead; case, punctuation, order of words and words such as 'the' do not matter.
var registerFields = []RegisterField{
	{Name: fieldOrganisation, Title: "Organisation name", Kept: true, variants: []string{"organisation", "council", "council name", "local authority",
		"local authority name", "authority", "authority name", "publisher", "publisher name", "publishing organisation", "buyer", "buyer name", "contracting authority", "body name"}},
	{Name: fieldCode, Title: "Organisation code", Kept: true, variants: []string{"organisation id", "organisation identifier", "council code", "council gss", "gss",
		"gss code", "ons code", "authority code", "local authority code", "publisher uri", "publisher code", "council uri"}},
	{Name: fieldEffective, Title: "Effective date", Kept: true, variants: []string{"date published", "published", "published date", "publication date", "date of publication",
		"date extracted", "date updated", "last updated"}},
	{Name: fieldRef, Title: "Contract Reference number / ID", Mandatory: true, Needed: true, Kept: true, variants: []string{"ref", "reference", "reference number",
		"contract ref", "contract number", "contract id", "contract reference number", "contract reference id", "contract code", "unique reference", "unique id",
		"unique identifier", "id", "contract unique reference", "contract register reference", "register reference", "agreement reference", "tender reference",
		"procurement reference", "our reference", "council reference", "contract identifier", "unique contract reference"}},
	{Name: fieldOCID, Title: "Open Contracting ID", Kept: true, variants: []string{"ocid", "open contracting", "open contracting identifier", "ocds id", "notice ocid"}},
	{Name: fieldTitle, Title: "Title of the Agreement", Mandatory: true, Needed: true, Kept: true, variants: []string{"title", "contract name", "contract", "name",
		"name of contract", "title of contract", "agreement title", "agreement", "agreement name", "contract agreement title", "contract heading", "project title", "project name", "subject",
		"contract subject", "name of agreement"}},
	{Name: fieldType, Title: "Contract type", Kept: true, variants: []string{"type of contract", "agreement type", "type"}},
	{Name: fieldUnit, Title: "Local authority directorate/service responsible", Mandatory: true, Kept: true, variants: []string{"directorate", "department", "service",
		"service area", "service department", "local authority department", "local authority department responsible", "department responsible", "responsible department", "service responsible",
		"division", "directorate service", "business unit", "team", "service unit", "directorate responsible", "portfolio", "responsible service"}},
	{Name: "ServiceCategoryLabel", Title: "Service Category label", variants: []string{"service category", "category of service"}},
	{Name: "ServiceCategoryURI", Title: "Service category URI", variants: []string{"service category code"}},
	{Name: fieldDescription, Title: "Description of goods and services", Mandatory: true, Kept: true, variants: []string{"contract description", "details",
		"description of goods services", "description of goods or services", "description of the goods and or services being provided", "description of the goods and services being provided",
		"description of contract", "summary", "contract details", "brief description", "goods and services", "purpose", "scope", "what is bought",
		"description of the goods and or services"}},
	{Name: "ProcurementCategory", Title: "Procurement classification: Council's procurement category label", variants: []string{"category", "procurement classification",
		"spend category", "contract category", "category label"}},
	{Name: "CPVLabel", Title: "Procurement classification: CPV label", variants: []string{"cpv description", "cpv name", "cpv category", "cpv title"}},
	{Name: fieldCPV, Title: "Procurement classification: CPV code", Kept: true, variants: []string{"cpv", "cpv number", "main cpv", "main cpv code", "common procurement vocabulary",
		"common procurement vocabulary code"}},
	{Name: "ProclassLabel", Title: "Procurement classification: Proclass label", variants: []string{"proclass", "pro class label", "proclass description", "proclass category"}},
	{Name: "ProclassCode", Title: "Procurement classification: Proclass code", variants: []string{"pro class code"}},
	{Name: fieldStart, Title: "Contract start date", Mandatory: true, Kept: true, variants: []string{"start", "contract start", "commencement", "commencement date",
		"contract commencement", "contract commencement date", "from", "date from", "start of contract", "contract begins", "current contract start date", "contract from", "begins",
		"contract period start", "contract period start date", "award start date", "agreement start date", "initial start date", "date of commencement", "valid from"}},
	{Name: fieldEnd, Title: "End date", Mandatory: true, Kept: true, variants: []string{"end", "contract end", "contract end date", "expiry", "expiry date", "contract expiry",
		"contract expiry date", "to", "date to", "end of contract", "contract ends", "finish", "finish date", "current contract end date", "current end date", "completion date",
		"contract period end", "contract period end date", "initial end date", "initial contract end date", "termination date", "agreement end date", "contract finish date", "expires",
		"contract expires", "contract to", "expiration date", "contract expiration date", "ends", "valid to"}},
	{Name: fieldReview, Title: "Review date", Mandatory: true, Kept: true, variants: []string{"contract review date", "next review date", "date of review", "review", "contract review"}},
	{Name: fieldExtension, Title: "Extension Period", Kept: true, variants: []string{"extension", "extensions", "extension option", "extension options", "option to extend",
		"options to extend", "last extension", "extension available", "extensions available", "extension end date", "extension terms", "possible extension", "contract extension",
		"maximum extension", "end date including extensions", "end date including extension", "contract end date including extensions", "contract end date including extension", "end date if extended", "contract end date if extended", "end date with extensions", "extended end date", "maximum end date", "latest end date",
		"extension periods", "optional extension", "extension provision", "extension to", "extendable to", "potential extension", "extension or renewal options", "renewal options", "renewal option", "option to renew", "extension date", "max extension date",
		"maximum extension date", "extension to date", "extended to"}},
	{Name: fieldValue, Title: "Contract value", Mandatory: true, Kept: true, variants: []string{"value", "total value", "total contract value", "contract total value",
		"whole life value", "contract whole life value", "total cost", "contract sum", "award value", "awarded value", "estimated value", "estimated contract value", "estimated total value",
		"contract amount", "amount", "value of contract", "lifetime value", "total contract price", "contract price", "contract cost", "value of the contract", "contract value gbp",
		"value gbp", "total estimated value", "full contract value", "value over term", "value ex vat", "total lifetime value", "value excluding vat", "contract value excluding vat",
		"contract value ex vat"}},
	{Name: "FixedCost", Title: "Fixed cost / estimated cost", variants: []string{"fixed or estimated", "fixed estimated cost"}},
	{Name: "IrrecoverableVAT", Title: "Irrecoverable VAT", Mandatory: true, variants: []string{"vat that cannot be recovered", "vat not recovered", "vat", "amount of vat that cannot be recovered"}},
	{Name: fieldSupplier, Title: "Supplier name", Mandatory: true, Kept: true, variants: []string{"supplier", "supplier names", "suppliers", "contractor", "contractor name", "vendor", "vendor name",
		"provider", "provider name", "awarded to", "awarded supplier", "supplier company name", "name of supplier", "company", "company name", "successful supplier", "contractors",
		"supplier contractor", "contractor supplier", "name of contractor", "supplier provider"}},
	{Name: "CompaniesHouseRegistrationNumber", Title: "Supplier registered company number", variants: []string{"company number", "companies house number", "company registration number",
		"registered company number", "supplier registration number", "company registration", "registered number", "companies house registration", "supplier company number"}},
	{Name: "CharityCommissionNumber", Title: "Supplier registered charity number", Mandatory: true, variants: []string{"charity number", "registered charity number", "charity commission registration number",
		"charity registration number"}},
	{Name: "OtherSupplierID", Title: "Other IDs", variants: []string{"other id", "other ids", "supplier id", "supplier number", "vendor number", "vendor id", "supplier code"}},
	{Name: "SMESupplier", Title: "SME supplier", Mandatory: true, variants: []string{"sme", "is sme", "supplier sme", "small or medium enterprise", "small medium enterprise", "sme yes no", "is supplier sme"}},
	{Name: "VCSESupplier", Title: "VCSE supplier", Mandatory: true, variants: []string{"vcse", "vcs", "is vcse", "voluntary or community sector", "voluntary community sector", "vcs supplier", "vcse yes no"}},
	{Name: "VCSESupplierType", Title: "VCSE supplier type", variants: []string{"vcse type", "vcs type", "voluntary or community sector type"}},
	{Name: "ContactName", Title: "Nominated contact point: name", variants: []string{"contact", "contract manager", "contact officer", "responsible officer", "contract owner", "lead officer", "officer",
		"contact person", "contract manager name", "nominated contact point"}},
	{Name: "ContactEmail", Title: "Nominated contact point: email", variants: []string{"email", "email address", "contact email address", "e mail", "contact e mail"}},
	{Name: "ContactURL", Title: "Nominated contact point: URL", variants: []string{"contact link", "contact web page"}},
	{Name: fieldRoute, Title: "Tender type", Mandatory: true, Kept: true, variants: []string{"process", "procurement process", "procurement route", "route", "route to market", "procurement method",
		"tender process", "type of process", "award procedure", "procurement procedure", "procedure", "procedure type", "procurement type", "tender process type", "type of tender",
		"invitation to quote or tender", "sourcing route", "contract award process", "how procured"}},
	{Name: "TenderDocumentURL", Title: "Original tender document", variants: []string{"tender document", "tender document link", "tender url", "tender documents"}},
	{Name: "ContractDocumentURL", Title: "Contract document URL", variants: []string{"contract document", "contract url", "contract link", "contract documents"}},
	{Name: "PerformanceInformationURL", Title: "Performance information URL", variants: []string{"performance information", "performance"}},
	{Name: "AreaServedLabel", Title: "Location served label", variants: []string{"area served", "location served", "area", "ward"}},
	{Name: "AreaServedURI", Title: "Location served URI", variants: []string{"area served code", "location served code"}},
	{Name: fieldAnnual, Title: "Annual value", Kept: true, variants: []string{"annual contract value", "annual cost", "value per annum", "yearly value", "yearly cost", "annual spend", "value per year",
		"annual amount", "average annual value", "estimated annual value", "contract value per annum", "contract annual value", "contract value pa", "value pa", "cost per annum", "cost per year",
		"estimated annual spend", "annualised value"}},
	{Name: fieldProduct, Title: "Product", Kept: true, variants: []string{"product name", "system", "system name", "software", "software name", "application", "application name", "solution", "platform", "product or system"}},
	{Name: fieldExtended, Title: "Extension in months", Kept: true, variants: []string{"extension months", "extension period months", "months of extension", "extension length", "length of extension",
		"extension period years", "extension years", "optional extension months", "extension option months", "extension available months"}},
	{Name: fieldTerm, Title: "Contract term", Kept: true, variants: []string{"term", "contract length", "length of contract", "contract duration", "duration", "contract period", "initial term",
		"term of contract", "contract term months", "contract term years", "term months", "term years", "duration months", "duration years", "contract duration months", "contract duration years",
		"contract length months", "contract length years", "initial contract term", "initial period", "length", "contract period months", "contract period years", "initial contract period"}},
	{Name: fieldNotice, Title: "Notice period", Kept: true, variants: []string{"notice", "notice period months", "notice in months", "months notice", "termination notice", "termination notice period",
		"notice required", "notice to terminate", "notice period required", "contract notice period", "notice to end", "termination period", "notice of termination"}},
	{Name: fieldBreak, Title: "Break date", Kept: true, variants: []string{"break", "break clause", "break clause date", "break option", "break option date", "break point", "early termination date",
		"early break date", "next break", "next break date", "contract break date", "date of break", "break clauses"}},
	{Name: fieldCapability, Title: "Capability", Kept: true, variants: []string{"capability name", "business capability", "jointly capability"}},
	{Name: fieldExVAT, Title: "Value is without VAT", Kept: true, variants: []string{"ex vat", "value excludes vat", "vat excluded", "net of vat"}},
	{Name: fieldAudience, Title: "Who can see it", Kept: true, variants: []string{"who may see it", "who may see", "audience"}},
	{Name: fieldGuessChecked, Title: "Capability is confirmed", Kept: true, Exported: true},
	{Name: fieldSaidOfTerms, Title: "Terms, as the record has them", Kept: true, Exported: true},
	{Name: fieldSource, Title: "Source of the record", Kept: true, Exported: true},
	{Name: fieldSourceKind, Title: "Kind of source of the record", Kept: true, Exported: true},
	{Name: fieldSourceReference, Title: "Reference of the source of the record", Kept: true, Exported: true},
	{Name: fieldSourceNote, Title: "Note on the source of the record", Kept: true, Exported: true},
	{Name: fieldConfirmed, Title: "When the record was confirmed", Kept: true, Exported: true},
	{Name: fieldCorrected, Title: "When the record was corrected", Kept: true, Exported: true},
}

// RegisterFields are the columns that a register may have, in the order of the guidance.
func RegisterFields() []RegisterField { return slices.Clone(registerFields) }

func registerField(name string) (RegisterField, bool) {
	i := slices.IndexFunc(registerFields, func(f RegisterField) bool { return f.Name == name })
	if i < 0 {
		return RegisterField{}, false
	}
	return registerFields[i], true
}

// codelist is what the guidance lets a field hold; nil where anything goes.
func codelist(field string) []string {
	switch field {
	case fieldType:
		return []string{"Single award contract", "Multiple award contract", "Framework agreement", "Dynamic purchasing system", "Grant agreement", "Other"}
	case fieldRoute:
		return []string{"Invitation to quote", "Published invitation to tender"}
	}
	return nil
}
