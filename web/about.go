package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue/register"
	"jointly/web/view"
)

// aboutPage says how the service works, and what its points mean.
type aboutPage struct {
	view.Page
	Threshold string // points that a match needs
	Weights   string // version of what the points are worth
}

func (s *site) about(c *gin.Context, who visitor) error {
	scorer := s.Engine.Scorer()
	p := aboutPage{Page: s.aboutFrame(c, who, "How this works"),
		Threshold: strconv.FormatFloat(scorer.Threshold(), 'f', -1, 64), Weights: scorer.Version()}
	return s.show(c, who, http.StatusOK, "about", p)
}

// sourcesPage names whose facts the service stands on, and under which licence.
type sourcesPage struct {
	view.Page
	Main     []attribution
	Register view.Table
}

// attribution is one source that must be named.
type attribution struct {
	Name    string
	Licence view.Link
	Taken   string // what is taken from it
	Note    string // what to know about it
}

func (s *site) sources(c *gin.Context, who visitor) error {
	p := sourcesPage{Page: s.aboutFrame(c, who, "Where the facts come from"), Main: attributions(),
		Register: registerSources(s.Catalogue.Register().Sources())}
	return s.show(c, who, http.StatusOK, "sources", p)
}

// attributions are the sources whose licences ask to be named, and what is taken from each.
func attributions() []attribution {
	openGovernment := view.Link{Text: "Open Government Licence v3.0", Href: "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"}
	return []attribution{
		{Name: "mySociety, UK local authority names and codes, and UK local authority similarity",
			Licence: view.Link{Text: "Creative Commons Attribution 4.0 International", Href: "https://creativecommons.org/licenses/by/4.0/"},
			Taken:   "The names, codes, types, places, web domains and populations of councils; whether they are urban or rural, and how deprived.",
			Note:    "Population is of 2020. A web domain is not always the domain of a council’s email. The regions of Derbyshire and Lincolnshire county councils are corrected to that of their districts."},
		{Name: "Open Innovations (ODI Leeds), hexmaps", Licence: view.Link{Text: "MIT licence"},
			Taken: "The place of each council on the hexagon map.", Note: "County councils have no hexagon."},
		{Name: "Office for National Statistics", Licence: view.Link{Text: "None is stated with what was read"},
			Taken: "Which councils adjoin each other.", Note: "As of 2021, merged forward to the unitary councils of 2023. Six island councils have no neighbours."},
		{Name: "The esd-toolkit programme, Local Government Service List and Interaction List", Licence: view.Link{Text: "Open Government Licence", Href: openGovernment.Href},
			Taken: "The numbers and names of citizen services.", Note: "Follows the edition of 2013."},
		{Name: "Regulation (EC) No 213/2008, Common Procurement Vocabulary 2008", Licence: view.Link{Text: "European Union legislation"},
			Taken: "The codes under which purchases are advertised, and their names.", Note: "A selection: the divisions, and what ICT and public services buy."},
		{Name: "Contracts Finder and Find a Tender notices, Crown copyright", Licence: openGovernment,
			Taken: "What councils bought, plan to buy or have out to tender; from whom, for how much and until when; and most of what is known of the frameworks that they may buy through.",
			Note:  "Each record names its notice and date. Notices err, and many do not say when a contract ends. Frameworks were also read on their owners’ pages and in the press; the record of each says where, how well it is known and when it was checked."},
	}
}

// registerSources is what of the reference facts comes from none of the attributed sources, file by file.
func registerSources(sources []register.Source) view.Table {
	t := view.Table{
		Caption: "Reference facts from other sources", CaptionClasses: "govuk-visually-hidden",
		Head:       []view.Head{{Text: "Facts"}, {Text: "Source"}, {Text: "What to know"}},
		Responsive: true, FirstCellIsHeader: true,
	}
	for _, src := range sources {
		if src.Licence != "" || !strings.HasPrefix(src.Name, "Compiled") && !strings.HasPrefix(src.Name, "Named") {
			continue
		}
		t.Rows = append(t.Rows, []view.Cell{{Text: sentenceCase(strings.ReplaceAll(src.Covers, "_", " ")), Note: src.File}, {Text: src.Name}, {Text: src.Note}})
	}
	return t
}

// textPage is a page of words alone.
type textPage struct{ view.Page }

func (s *site) accessibility(c *gin.Context, who visitor) error {
	return s.show(c, who, http.StatusOK, "accessibility", textPage{s.aboutFrame(c, who, "Accessibility")})
}

func (s *site) privacy(c *gin.Context, who visitor) error {
	return s.show(c, who, http.StatusOK, "privacy", textPage{s.aboutFrame(c, who, "Privacy")})
}

func (s *site) aboutFrame(c *gin.Context, who visitor, title string) view.Page {
	p := s.page(c, who, "", title)
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: title}}
	return p
}
