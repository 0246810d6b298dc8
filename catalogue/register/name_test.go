package register_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"jointly/catalogue/register"
)

// load gives the register; every test may have its own, it is cheap.
func load(t testing.TB) *register.Register {
	t.Helper()
	r, err := register.Load()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCouncilByName(t *testing.T) {
	r := load(t)
	for gss, names := range map[string][]string{
		// the name itself, in any case and punctuation
		"E06000009": {"Blackpool", "blackpool council", "BLACKPOOL BOROUGH COUNCIL", "  Blackpool  Borough\tCouncil, ",
			"\"Blackpool Council\"", "Blackpool B.C.", "Blackpool Council.", "Ｂlackpool Council", "Black\u00adpool Council"},
		"E06000058": {"Bournemouth, Christchurch and Poole Council", "Bournemouth Christchurch and Poole Council",
			"Bournemouth Christchurch & Poole", "BCP Council", "Bournemouth, Christchurch & Poole (BCP) Council"},
		"E06000022": {"Bath & North East Somerset Council", "Bath and North East Somerset", "B&NES Council",
			"Bath and N E Somerset Council", "Bath & N.E. Somerset Council", "Bath & NE Somerset District Council"},
		"E08000013": {"St Helens MBC", "St. Helens Council", "St.Helens Borough Council", "Saint Helens",
			"ST HELENS METROPOLITAN BOROUGH COUNCIL", "St Helen's Council"},
		"E07000240": {"St Albans City and District Council", "St. Albans City & District Council", "St Albans District Council",
			"St Albans City Council", "City and District of St Albans"},
		"E07000146": {"Borough Council of King's Lynn & West Norfolk", "Borough Council of King’s Lynn and West Norfolk",
			"Kings Lynn and West Norfolk Borough Council", "KING S LYNN AND WEST NORFOLK"},
		"E07000195": {"Newcastle-under-Lyme Borough Council", "Newcastle under Lyme BC", "Newcastle Borough Council"},
		"E08000021": {"Newcastle City Council", "Newcastle upon Tyne City Council", "Newcastle-upon-Tyne",
			"The Council of the City of Newcastle upon Tyne", "Newcastle CC", "Newcastle on Tyne City Council"},

		// cities
		"E06000010": {"Hull City Council", "Kingston upon Hull City Council", "Kingston upon Hull, City of", "Hull CC",
			"City of Kingston-upon-Hull", "KINGSTON UPON HULL", "Hull"},
		"E06000023": {"Bristol City Council", "City of Bristol", "Bristol, City of", "Bristol City of", "City of Bristol Council"},
		"E06000014": {"City of York Council", "York", "York City Council", "Council of the City of York"},
		"E06000021": {"Stoke on Trent City Council", "City of Stoke-on-Trent", "Stoke City Council"},
		"E06000018": {"Nottingham City Council", "Nottingham", "City of Nottingham", "NOTTINGHAM CITY"},
		"E10000024": {"Nottinghamshire County Council", "Notts County Council", "Nottinghamshire CC", "Nottinghamshire"},
		"E06000016": {"Leicester City Council", "Leicester CC", "Leicester", "LEICESTER CITY COUNCIL (LCC)"},
		"E10000018": {"Leicestershire County Council", "Leics County Council", "Leicestershire CC", "Leicestershire"},
		"E06000015": {"Derby City Council", "DERBY CITY COUNCIL", "City of Derby", "Derby Council"},
		"E10000007": {"Derbyshire County Council", "Derbyshire"},
		"E06000047": {"Durham County Council", "County Durham", "Durham", "Durham CC", "County Council of Durham", "Durham Council"},
		"E07000138": {"City of Lincoln Council", "Lincoln City Council", "Lincoln"},
		"E08000031": {"City of Wolverhampton Council", "Wolverhampton City Council"},
		"E08000032": {"City of Bradford Metropolitan District Council", "Bradford MDC", "Bradford Metropolitan District Council",
			"City of Bradford MDC", "Bradford City Council", "Bradford Council"},
		"E08000036": {"Wakefield MDC", "Wakefield Council", "City of Wakefield Metropolitan District Council",
			"The Council of the City of Wakefield"},
		"E08000017": {"City of Doncaster Council", "Doncaster MBC", "Doncaster Metropolitan Borough Council"},
		"E08000033": {"The Borough Council of Calderdale", "Calderdale MBC"},
		"E08000015": {"Wirral Council", "Metropolitan Borough of Wirral", "Wirral Metropolitan Borough Council"},
		"E06000033": {"Southend-on-Sea City Council", "Southend on Sea Borough Council", "Southend Council"},
		"E07000071": {"Colchester City Council", "Colchester Borough Council"},
		"E06000042": {"Milton Keynes City Council", "Milton Keynes Council"},

		// London
		"E09000001": {"City of London Corporation", "The Corporation of London", "City of London", "London, City of",
			"The Mayor and Commonalty and Citizens of the City of London"},
		"E09000033": {"Westminster City Council", "City of Westminster", "London Borough of Westminster", "Westminster CC",
			"The Lord Mayor and Citizens of the City of Westminster"},
		"E09000021": {"Royal Borough of Kingston upon Thames", "Royal Borough of Kingston", "Kingston Council",
			"RB Kingston upon Thames", "Kingston-upon-Thames Council"},
		"E09000020": {"Royal Borough of Kensington and Chelsea", "The Royal Borough of Kensington & Chelsea", "RBKC"},
		"E09000011": {"Royal Borough of Greenwich", "London Borough of Greenwich", "Royal Greenwich"},
		"E09000007": {"THE LONDON BOROUGH OF CAMDEN", "LB Camden", "LB of Camden", "L.B. of Camden", "Camden LBC",
			"Camden London Borough Council", "London Borough of Camden Council", "Camden, London Borough of",
			"The Mayor and Burgesses of the London Borough of Camden", "camden london boro"},
		"E09000013": {"London Borough of Hammersmith & Fulham", "Hammersmith and Fulham Council", "LBHF"},
		"E09000027": {"London Borough of Richmond upon Thames", "London Borough of Richmond", "Richmond-upon-Thames"},
		"E09000018": {"London Borough of Hounslow (the)", "(The) London Borough of Hounslow"},
		"E06000040": {"Royal Borough of Windsor and Maidenhead", "RB of Windsor & Maidenhead", "RBWM"},

		// counties and districts
		"E07000039": {"South Derbyshire DC", "South Derbyshire District Council"},
		"E07000008": {"Cambridge City Council", "Cambridge CC"},
		"E10000003": {"Cambridgeshire County Council", "Cambs CC"},
		"E07000012": {"South Cambs District Council", "S Cambs DC"},
		"E07000099": {"North Herts Council", "North Hertfordshire District Council"},
		"E07000112": {"Folkestone & Hythe District Council", "Shepway District Council"},
		"E07000128": {"Wyre Council", "Wyre BC"},
		"E07000239": {"Wyre Forest District Council"},
		"E07000221": {"Stratford-on-Avon District Council", "Stratford District Council", "Stratford upon Avon DC"},
		"E07000193": {"East Staffs Borough Council"},
		"E07000145": {"Gt Yarmouth Borough Council"},
		"E07000242": {"East Herts District Council, Hertfordshire"},
		"E07000241": {"Welwyn & Hatfield Borough Council"},

		// councils under the name that they had
		"E06000065": {"North Yorkshire County Council", "The North Yorkshire Council", "N Yorks Council"},
		"E06000066": {"Somerset County Council", "SOMERSET COUNCIL"},
		"E06000054": {"Wiltshire County Council"},
		"E06000052": {"Cornwall County Council"},

		// unitary authorities
		"E06000050": {"Cheshire west and Chester Borough Council", "Cheshire West & Chester Council"},
		"E06000053": {"Council of the Isles of Scilly", "Isles of Scilly Council"},
		"E06000019": {"Herefordshire Council", "Herefordshire, County of", "County of Herefordshire District Council"},
		"E06000017": {"Rutland County Council", "Rutland County Council District Council"},
		"E06000024": {"North Somerset District Council", "North Somerset Council"},
		"E06000008": {"Blackburn with Darwen BC", "Blackburn Council"},
		"E06000020": {"Borough of Telford & Wrekin", "Telford and the Wrekin UA"},
		"E06000055": {"Bedford Borough Council", "Bedford BC"},

		// Wales
		"W06000001": {"Isle of Anglesey County Council", "Cyngor Sir Ynys Môn", "Anglesey CC",
			"Cyngor Sir Ynys Mon / Isle of Anglesey County Council", "Ynys Môn"},
		"W06000002": {"Gwynedd Council", "Cyngor Gwynedd", "Cyngor Gwynedd Council"},
		"W06000004": {"Denbighshire County Council", "Cyngor Sir Ddinbych"},
		"W06000005": {"Cyngor Sir y Fflint", "Flintshire CC"},
		"W06000006": {"Wrexham County Borough Council", "Wrexham CBC", "Cyngor Bwrdeistref Sirol Wrecsam"},
		"W06000008": {"Ceredigion County Council / Cyngor Sir Ceredigion", "Cyngor Sir Ceredigion County Council"},
		"W06000011": {"City and County of Swansea", "Swansea Council", "City & County of Swansea Council", "Dinas a Sir Abertawe"},
		"W06000015": {"Cardiff Council", "The City of Cardiff Council", "Cyngor Caerdydd", "Cardiff County Council",
			"County Council of the City and County of Cardiff"},
		"W06000014": {"Vale of Glamorgan Council", "The Vale of Glamorgan", "Cyngor Bro Morgannwg"},
		"W06000016": {"Rhondda Cynon Taf CBC", "Rhondda, Cynon, Taff"},
		"W06000013": {"Cyngor Bwrdeistref Sirol Pen-y-bont ar Ogwr"},

		// Scotland and Northern Ireland
		"S12000013": {"Comhairle nan Eilean Siar", "Western Isles Council", "Comhairle nan Eilean Siar (Western Isles Council)",
			"Na h-Eileanan Siar"},
		"S12000036": {"The City of Edinburgh Council", "Edinburgh Council", "Edinburgh (City of)"},
		"S12000033": {"Aberdeen City Council", "City of Aberdeen", "Aberdeen"},
		"S12000034": {"Aberdeenshire Council"},
		"S12000017": {"The Highland Council", "Comhairle na Gàidhealtachd"},
		"S12000026": {"Scottish Borders Council"},
		"S12000023": {"Orkney Islands Council", "Orkney"},
		"N09000002": {"Armagh City, Banbridge & Craigavon Borough Council", "Armagh Banbridge and Craigavon Council"},
		"N09000005": {"Derry City and Strabane District Council", "Derry & Strabane Council"},
		"N09000003": {"Belfast City Council"},

		// departments
		"E10000015": {"Hertfordshire County Council - Children's Services", "Hertfordshire County Council (Adult Care)",
			"Children's Services, Hertfordshire County Council", "HERTFORDSHIRE COUNTY COUNCIL T/A HERTS FULLSTOP"},
		"E10000029": {"Suffolk County Council Passenger Transport", "Suffolk County Council, on behalf of Norfolk County Council"},
		"E10000031": {"Warwickshire County Council (WCC)", "Warwickshire County Council (Warwickshire CC)",
			"Warwickshire County Council (Lead Authority)"},
		"E08000035": {"Leeds City Council - City Development", "Leeds City Council, Council Tax", "City of Leeds"},
		"E09000009": {"London Borough of Ealing Council", "London Borough of Ealing - Housing"},
	} {
		want, ok := r.Council(gss)
		if !ok {
			t.Errorf("the test names the unknown council %s", gss)
		}
		for _, name := range names {
			if got, _ := r.CouncilByName(name); got.GSS != gss {
				t.Errorf("CouncilByName(%q) = %q, want %s", name, got.Name, want.Name)
			}
		}
	}
}

func TestCouncilByNameLeavesOthersAlone(t *testing.T) {
	r := load(t)
	for why, names := range map[string][]string{
		"no name": {"", " ", "-", "Council", "The Borough Council", "London", "City", "County Council", "of",
			"\xff\xfe Leeds City Council", strings.Repeat("Leeds City Council ", 100)},
		"a body of the state": {"CPS", "Cabinet Office", "Home Office", "Met Office", "Ministry of Defence", "Ports of Jersey",
			"Arts Council England", "British Council", "London Councils", "Mayor of London", "Greater London Authority"},
		"a service with its own authority": {"Kent Police", "City of London Police", "Durham Constabulary",
			"Wiltshire Fire And Rescue Service", "Gloucestershire County Council Fire and Rescue Service",
			"The Police and Crime Commissioner for Bedfordshire,", "Greater Manchester Combined Authority",
			"Liverpool City Region Combined Authority", "Cambridgeshire and Peterborough CA", "Somerset NHS Foundation Trust",
			"Lancashire County Council and NHS England", "NHS Kent and Medway", "Bath and North East Somerset, Swindon and Wiltshire ICB"},
		"a place of learning": {"University of Derby", "Nottingham Trent University (NTU)", "City of Wolverhampton College",
			"Bedford College", "Leeds City College", "Hampshire County Council Schools", "City of London School",
			"Oldham Council St Anne's Academy"},
		"a company or fund": {"Oxford Direct Services Limited", "Leeds City Council Ltd", "Kent County Council Holdings",
			"Salix Homes Limited", "Richmond Housing Partnership Limited", "Merton Pension Fund",
			"London Borough of Merton Pension Fund", "West Sussex County Council Pension Fund", "London Luton Airport Operations Limited",
			"Barnet Homes", "Norwich City Services", "Leicester City Football Club", "Cheltenham Borough Homes",
			"Gateshead Council Housing Association", "Royal Borough of Kensington and Chelsea TMO"},
		"a parish or town": {"Lancing Parish Council", "Newport Town Council", "Rugby Town Council", "Conwy Town Council",
			"Lichfield City Council", "Chichester City Council", "Stirling Community Council", "Cyngor Tref Conwy"},
		"a council of another kind": {"Hackney Council for Voluntary Service", "Leeds Council of Mosques",
			"Rugby Council of Churches", "London Borough of Luton", "Royal Borough of Camden", "Derby County Council",
			"Nottingham County Council", "Leicester County Council", "Kent City Council", "Surrey District Council",
			"Corporation of Leeds"},
		"an abolished council": {"Harrogate Borough Council", "Kettering Borough Council", "Craven District Council",
			"Poole Borough Council", "Borough of Poole", "Cumbria County Council", "Northamptonshire County Council",
			"Dorset County Council", "Buckinghamshire County Council", "Cheshire County Council", "Durham City Council",
			"Chester City Council", "South Bucks District Council", "Suffolk Coastal District Council", "Derry City Council",
			"Armagh City and District Council", "Somerset West and Taunton Council", "South Somerset District Council"},
		"two councils": {"Adur & Worthing Councils", "Adur and Worthing Borough Council", "Chichester and Arun District Councils",
			"South Norfolk and Broadland", "Richmond and Wandsworth Councils", "London Borough of Camden and Islington",
			"Cambridge City Council and South Cambridgeshire District Council", "Westminster City Council & RBKC",
			"Royal Borough of Kensington and Chelsea and Westminster City Council", "Bromsgrove District Council and Redditch",
			"Kent County Council and Medway", "Kent and Medway"},
		"a name that two councils may be meant by": {"Newcastle", "Newcastle Council", "Kingston", "Richmond", "Stratford"},
		"nothing that the place decides": {"Blackpool Borough Council Trading Standards", "Welland Procurement", "Reading Buses",
			"London Bridge", "London City Airport", "Stoke City", "Blаckpool Council" /* Cyrillic а */},
	} {
		for _, name := range names {
			if got, ok := r.CouncilByName(name); ok {
				t.Errorf("%s: CouncilByName(%q) = %s", why, name, got.Name)
			}
		}
	}
}

// TestCouncilByNameLabelled holds the look-up to every label of the real buyers.
func TestCouncilByNameLabelled(t *testing.T) {
	r := load(t)
	for _, of := range []struct{ file, name, gss string }{
		{"buyers-dev.csv", "buyer", "council_gss"},
		{"contracts-dev.csv", "buyer", "council_gss"},
	} {
		rows, err := csv.NewReader(strings.NewReader(shared(t, of.file))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		column := map[string]int{}
		for i, name := range rows[0] {
			column[name] = i
		}
		for _, row := range rows[1:] {
			name, want := row[column[of.name]], row[column[of.gss]]
			if got, _ := r.CouncilByName(name); got.GSS != want {
				t.Errorf("%s: CouncilByName(%q) = %q, want %q", of.file, name, got.GSS, want)
			}
		}
	}
}

// TestCouncilByNameOfShortCode compares names with the identifiers that some real buyers carry.
func TestCouncilByNameOfShortCode(t *testing.T) {
	r := load(t)
	var notices struct {
		Releases []struct {
			Parties []struct {
				Name       string
				Identifier struct{ Scheme, ID string }
			}
		}
	}
	if err := json.Unmarshal([]byte(shared(t, "notices-2025.ocds.json")), &notices); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, release := range notices.Releases {
		for _, party := range release.Parties {
			if party.Identifier.Scheme != "GB-LAE" {
				continue
			}
			seen++
			byName, _ := r.CouncilByName(party.Name)
			byCode, ok := r.CouncilByShortCode(party.Identifier.ID)
			if !ok || byName.GSS != byCode.GSS {
				t.Errorf("%q is %q by name and %q by its code %s", party.Name, byName.Name, byCode.Name, party.Identifier.ID)
			}
		}
	}
	if seen == 0 {
		t.Error("no buyer carries a code: the test shows nothing")
	}
}

// shared reads one of the real files beside the checkout; the test skips where there are none.
func shared(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "real", file))
	if err != nil {
		t.Skipf("no real notices here: %v", err)
	}
	return string(content)
}

// TestNamesOfAllCouncils writes each council's names in the ways that change nothing.
func TestNamesOfAllCouncils(t *testing.T) {
	r := load(t)
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(r.Councils()).Draw(t, "council")
		name := rapid.SampledFrom([]string{c.Name, c.OfficialName}).Draw(t, "name")
		for _, change := range rapid.SliceOfN(rapid.SampledFrom([]func(string) string{
			strings.ToUpper, strings.ToLower, mixedCase,
			func(s string) string { return strings.ReplaceAll(s, " and ", " & ") },
			func(s string) string { return strings.ReplaceAll(s, "&", "and") },
			func(s string) string { return strings.ReplaceAll(s, "-", " ") },
			func(s string) string { return strings.ReplaceAll(s, ",", "") },
			func(s string) string { return strings.ReplaceAll(s, "St ", "St. ") },
			func(s string) string { return strings.ReplaceAll(s, "s ", "'s ") },
			func(s string) string { return strings.ReplaceAll(s, " ", "\u00a0 ") },
			func(s string) string { return "The " + s },
			func(s string) string { return s + " (the)" },
			func(s string) string { return " " + s + "." },
		}), 0, 4).Draw(t, "changes") {
			name = change(name)
		}
		if got, _ := r.CouncilByName(name); got.GSS != c.GSS {
			t.Fatalf("CouncilByName(%q) = %q, want %s", name, got.Name, c.Name)
		}
	})
}

func mixedCase(s string) string {
	up := true
	return strings.Map(func(r rune) rune {
		up = !up
		if up {
			return unicode.ToUpper(r)
		}
		return unicode.ToLower(r)
	}, s)
}

// TestBodiesWithACouncilsName appends to each council's names what departments and other bodies append.
func TestBodiesWithACouncilsName(t *testing.T) {
	r := load(t)
	for _, c := range r.Councils() {
		body := c.OfficialName
		if !strings.Contains(body, "Council") && !strings.Contains(body, "Comhairle") {
			body += " Council"
		}
		for _, department := range []string{" - Adult Social Care", " (Procurement)", ", Highways and Transport", " IT"} {
			if got, _ := r.CouncilByName(body + department); got.GSS != c.GSS {
				t.Errorf("CouncilByName(%q) = %q", body+department, got.Name)
			}
		}
		for _, other := range []string{" Pension Fund", " Ltd", " (Services) Limited", " Police", " Fire and Rescue Authority",
			" NHS Trust", " Academy", " School", " College", " Housing Association", " Combined Authority", " for Voluntary Service"} {
			for _, name := range []string{c.Name, body} {
				if got, ok := r.CouncilByName(name + other); ok {
					t.Errorf("CouncilByName(%q) = %q", name+other, got.Name)
				}
			}
		}
	}
}

// TestKindWordsNeverLeadElsewhere puts all kind words around each council's place: the council is found, or none.
func TestKindWordsNeverLeadElsewhere(t *testing.T) {
	r := load(t)
	for _, c := range r.Councils() {
		for _, pattern := range []string{"# Council", "# City Council", "# Borough Council", "# District Council", "# County Council",
			"# MBC", "# CC", "# DC", "# BC", "City of #", "London Borough of #", "Royal Borough of #", "Borough of #", "County of #"} {
			name := strings.ReplaceAll(pattern, "#", c.Name)
			if got, ok := r.CouncilByName(name); ok && got.GSS != c.GSS {
				t.Errorf("CouncilByName(%q) = %q", name, got.Name)
			}
		}
	}
}

func FuzzCouncilByName(f *testing.F) {
	r := load(f)
	for _, seed := range []string{"Blackpool Borough Council", "L.B. of Camden", "Cyngor Sir Ynys Môn", "city of", "CC on behalf",
		"St.", "k’s", "Mayor and Burgesses of", "Leeds City Council council", "\u0301", "a.b.c."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		found, ok := r.CouncilByName(name)
		if _, real := r.Council(found.GSS); ok != real {
			t.Errorf("CouncilByName(%q) = %q, %v", name, found.GSS, ok)
		}
		if again, _ := r.CouncilByName(" the " + name + " "); ok && len(name) < 250 && again.GSS != found.GSS {
			t.Errorf("CouncilByName(%q) = %q, but %q after 'the'", name, found.Name, again.Name)
		}
	})
}

func BenchmarkCouncilByName(b *testing.B) {
	r := load(b)
	for name, s := range map[string]string{
		"plain":      "BLACKPOOL BOROUGH COUNCIL",
		"accents":    "Cyngor Sir Ynys Môn",
		"department": "Hertfordshire County Council - Children's Services",
		"none":       "East Suffolk and North Essex NHS Foundation Trust",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.CouncilByName(s)
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load(b)
	}
}
