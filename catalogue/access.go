package catalogue

import "bytes"

// Action is what an actor asks the catalogue to do.
type Action string

// The actions of the policy table, as audit entries write them.
const (
	ListPlatform     Action = "list a platform"
	RecordUse        Action = "record what a council runs"
	RecordContract   Action = "record a contract"
	ListIntention    Action = "list an intention"
	WriteDraft       Action = "write a draft of a need"
	ForgetDrafts     Action = "remove old drafts"
	RegisterInterest Action = "register interest"
	ProposeGroup     Action = "propose a group"
	AnswerInvitation Action = "answer an invitation"
	JoinGroup        Action = "join a group"
	RunGroup         Action = "change a group"
	FollowOn         Action = "follow from another change" // never asked for: what a write makes of other records
	WorkInGroup      Action = "work in a group's room"
	StandAsPartner   Action = "stand in a group as partner" // answer for a body, say what it brings, leave
	WorkAsPartner    Action = "add papers to a group as partner"
	AskForRole       Action = "ask for a role"
	JudgeMatch       Action = "say whether a match is the same need"
	TellOfGroup      Action = "tell councils of a suggested group"
	ManageAccount    Action = "manage an account"
	ForgetPerson     Action = "forget a person"
	AskToTalk        Action = "ask another council to talk"
	KeepInbox        Action = "keep an inbox"
	SendDigest       Action = "send the daily mail"
	SendWeekly       Action = "send the weekly mail"
	ForgetNews       Action = "remove old news"
	KeepCalendar     Action = "keep a calendar feed"
	KeepSearch       Action = "keep a search"
	TellOfSearches   Action = "tell of saved searches"
	EndSearch        Action = "end a search"
	ForgetResearch   Action = "remove old research"
	ImportRecords    Action = "import"
	ImportContracts  Action = "import contracts"
	ImportPrivately  Action = "import contracts before the account is approved" // what nobody else sees
	SignIn           Action = "sign in"
	ProveFactor      Action = "use a second factor"
	KeepFactors      Action = "change a second factor"
	EndSessions      Action = "sign out"
	ResetFactors     Action = "reset a second factor"
	KeepProviders    Action = "set how a council's own accounts sign in"
	RequireProvider  Action = "say whether your council requires its own accounts"
	Reorganise       Action = "record a reorganisation"
	KeepFrameworks   Action = "keep the record of a framework"
	ReleaseFigures   Action = "release demand figures"
	PublishBaseline  Action = "publish an edition of the baseline"
	KeepPlatform     Action = "keep the record of your platform"
	AskForSupplier   Action = "ask on behalf of a supplier"
	ConfirmStated    Action = "confirm what a supplier states"
	DecideRequest    Action = "decide what a supplier asks"
	PublishSignal    Action = "publish a signal" // write, change and end it, and answer questions about it
	NameInSignal     Action = "say whether your council is named in a signal"
	AskAboutSignal   Action = "ask a question about a signal"

	KeepPlan           Action = "keep the plan" // its findings and recommendations
	LeadRecommendation Action = "lead a recommendation of the plan"
	KeepCalls          Action = "keep an evidence call" // write, open and close it
	TellOfCalls        Action = "tell councils of an evidence call"
	CodeAnswers        Action = "code answers to an evidence call"
	AnswerCall         Action = "answer an evidence call"
	SignReturns        Action = "sign off an answer to an evidence call"
	WriteExample       Action = "write an example"
	SendExample        Action = "send an example for review" // take it back, and withdraw one
	ReviewExample      Action = "review an example"
	AdoptExample       Action = "say that your council does what an example tells"
	KeepOffers         Action = "offer or seek skills"
	KeepBodies         Action = "keep the register of bodies"
	AskOfBody          Action = "ask something of a body"
	AnswerForBody      Action = "answer for a body"
)

// rule is one row of the policy: the least role that may act for its own organisation, and whether the record must be
// its own. The operator may do all but what only a council can say of itself.
type rule struct {
	least    Role
	own      bool // the record, as it was and as it will be, belongs to the actor's council or body
	council  bool // councils; where one of these three is set, only those that are
	supplier bool // suppliers
	body     bool // bodies of central government and of the sector
	operator bool // the operator may too
}

// policy is the one table of who may do what. What a record allows beyond it (who is in a group's room, whose
// invitation it is) stands with the record's methods.
func policy(a Action) rule {
	switch a {
	case ListPlatform:
		return rule{least: RoleContributor, council: true, operator: true}
	case RecordUse, RecordContract, ListIntention:
		return rule{least: RoleContributor, own: true, council: true, operator: true}
	case ImportContracts:
		return rule{least: RoleContributor, own: true, council: true}
	case ImportPrivately:
		return rule{least: RoleViewer, own: true, council: true}
	case RegisterInterest, JudgeMatch, WriteDraft, WriteExample, AdoptExample:
		return rule{least: RoleContributor, own: true, council: true}
	case KeepOffers:
		return rule{least: RoleContributor, own: true, council: true, body: true}
	case AskToTalk: // bodies about offers alone: see newOfferTalk
		return rule{least: RoleContributor, council: true, body: true}
	case WorkInGroup, AskOfBody:
		return rule{least: RoleContributor, council: true}
	case EndSearch:
		return rule{least: RoleContributor, own: true, council: true}
	case KeepInbox, KeepSearch:
		return rule{least: RoleViewer, operator: true}
	case ProposeGroup, AnswerInvitation, JoinGroup, RunGroup:
		return rule{least: RoleLead, council: true}
	case PublishSignal, NameInSignal:
		return rule{least: RoleLead, council: true}
	case AskAboutSignal:
		return rule{least: RoleContributor, supplier: true}
	case AnswerCall:
		return rule{least: RoleContributor, own: true, council: true}
	case SignReturns, SendExample:
		return rule{least: RoleLead, own: true, council: true}
	case AskForRole:
		return rule{least: RoleViewer}
	case KeepCalendar:
		return rule{least: RoleViewer, council: true}
	case KeepPlatform:
		return rule{least: RoleContributor, supplier: true}
	case AskForSupplier:
		return rule{least: RoleViewer, supplier: true}
	case ConfirmStated:
		return rule{least: RoleContributor, council: true}
	case LeadRecommendation:
		return rule{least: RoleLead, council: true}
	case StandAsPartner:
		return rule{least: RoleLead, body: true}
	case WorkAsPartner:
		return rule{least: RoleContributor, body: true}
	case AnswerForBody:
		return rule{least: RoleContributor, body: true, operator: true} // the operator's job tells of answers
	case Reorganise, KeepFrameworks, KeepPlan, KeepProviders, KeepBodies:
		return rule{least: RoleOperator, operator: true}
	case RequireProvider:
		return rule{least: RoleAdmin, own: true, council: true}
	case ManageAccount, ResetFactors:
		return rule{least: RoleAdmin, operator: true}
	case ProveFactor, KeepFactors, EndSessions:
		return rule{least: RoleViewer, operator: true}
	}
	return rule{least: RoleOperator, operator: true} // ImportRecords, TellOfGroup, DecideRequest, KeepCalls, ReviewExample, and whatever has no row
}

// importAction is what importing is for an actor: the operator imports anything, a council its own contracts, and its
// newcomers those that nobody else sees.
func importAction(a Actor) Action {
	for _, action := range []Action{ImportContracts, ImportPrivately} {
		if !a.IsOperator() && MayDo(a, action) {
			return action
		}
	}
	return ImportRecords
}

func (r Role) rank() int {
	for i, role := range Roles() {
		if r == role {
			return i + 1
		}
	}
	return 0
}

// MayDo says whether an actor's role and kind of organisation let it do such a thing at all: what pages ask before
// they offer it. The record itself may still refuse.
func MayDo(actor Actor, action Action) bool {
	r := policy(action)
	if actor.IsOperator() {
		return r.operator
	}
	return actor.Role.rank() >= r.least.rank() && r.admits(actor.OrgKind)
}

// admits says whether people of a kind of organisation may do it.
func (r rule) admits(kind OrgKind) bool {
	switch {
	case !r.council && !r.supplier && !r.body:
		return true
	case kind == OrgCouncil:
		return r.council
	case kind == OrgSupplier:
		return r.supplier
	}
	return r.body && kind == OrgBody
}

// MayReadTrail says whether an actor may read the audit trail: leads and administrators their organisation's part, the
// operator all of it.
func MayReadTrail(actor Actor) bool { return actor.Role.rank() >= RoleLead.rank() }

// permit is asked before anything is read: whether the actor may do such a thing at all.
func permit(actor Actor, action Action) error {
	switch {
	case actor.Role == RoleNone:
		return &Error{Kind: Unauthenticated, Message: "Sign in to " + string(action)}
	case !MayDo(actor, action):
		return forbidden("Your account may not " + string(action))
	}
	return nil
}

// allow is asked by the writer for every record that it puts or removes; old is nil for a new one. The actor has the
// action's permit.
func allow(actor Actor, action Action, item, old Item) error {
	if actor.IsOperator() || action == FollowOn {
		return nil
	}
	// What an actor may not see is not there for it, whatever it may do.
	if old != nil {
		if _, ok := old.sees(actor); !ok {
			return notFound(string(old.Key().Kind))
		}
	}
	r := policy(action)
	if _, ok := item.(*Contract); !ok && (action == ImportContracts || action == ImportPrivately) {
		return forbidden("You can import contracts only") // what comes with them, such as suppliers, is not asked about
	}
	switch it := item.(type) {
	case *Account:
		if action == KeepCalendar && it.ID != actor.Account {
			return forbidden("This is the calendar feed of somebody else")
		}
		if it.OrgKind != actor.OrgKind || it.Org != actor.Org || it.Role == RoleOperator {
			return forbidden("You can manage the accounts of your own organisation only")
		}
		if was, ok := old.(*Account); action == AskForRole && (!ok || it.ID != actor.Account || it.Role != was.Role) {
			return forbidden("Your account may not give roles")
		}
		if action == KeepInbox && it.ID != actor.Account {
			return forbidden("This is the inbox of somebody else")
		}
	case *Provider:
		// The operator says where people are sent to sign in; their administrator who is let in, and whether by that way only.
		was, ok := old.(*Provider)
		if action != RequireProvider || !ok || was.Council != it.Council || was.Issuer != it.Issuer || was.ClientID != it.ClientID || !bytes.Equal(was.Sealed, it.Sealed) || !was.Worked.Equal(it.Worked) {
			return forbidden("Whoever runs this service sets this up")
		}
	case *Credentials:
		if it.ID != actor.Account || action != ProveFactor && action != KeepFactors {
			return forbidden("These are the second factors of somebody else")
		}
	case *Supplier:
		if old == nil {
			return nil // whoever may put a record may name its supplier
		}
	case *News:
		if old != nil {
			return forbidden("What people were told stays as it was")
		}
		return nil // whoever may do a thing tells of it
	case *SavedSearch:
		if action != KeepSearch || it.Account != actor.Account {
			return forbidden("This is the saved search of somebody else")
		}
	case *SupplierRequest:
		if was, ok := old.(*SupplierRequest); !actor.ForSupplier(it.Org) || ok && was.Org != it.Org || it.State == RequestGranted || it.State == RequestRefused {
			return forbidden("Whoever runs this service decides this")
		}
	case *Platform:
		if actor.OrgKind == OrgSupplier {
			if was, ok := old.(*Platform); !ok || !was.KeptBy(actor) || !it.KeptBy(actor) || it.ListedBy != was.ListedBy || it.SupplierID != was.SupplierID {
				return forbidden("Ask to keep this platform's record first")
			}
			return nil
		}
		if action == ConfirmStated && old != nil {
			return nil
		}
	case *Research:
		if was, ok := old.(*Research); ok && !was.Draft() {
			return forbidden("A search that was ended stays as it was recorded: correct it with a new record")
		}
	case *Signal:
		if action == NameInSignal && !it.inside(actor) || action != NameInSignal && !it.runs(actor) {
			return forbidden("Another council runs this signal")
		}
	case *SignalQuestion:
		if action == AskAboutSignal && (old != nil || it.Supplier != actor.Org) || action != AskAboutSignal && !it.answeredBy(actor) {
			return forbidden("Officers of the council that runs the signal answer this question")
		}
	case *Recommendation:
		if was, ok := old.(*Recommendation); action != LeadRecommendation || !ok || was.Lead != it.Lead || !actor.ForCouncil(it.Lead) {
			return forbidden("Only the council that is asked to lead can do this")
		}
	case *Return:
		was, _ := old.(*Return)
		if action != SignReturns && (was == nil && it.Signed() || was != nil && len(was.Versions) != len(it.Versions)) {
			return forbidden("Only a lead of your council can sign this off")
		}
	case *CallAnswer:
		was, _ := old.(*CallAnswer)
		if action != SignReturns && (was == nil && len(it.Signatures) > 0 || was != nil && len(was.Signatures) != len(it.Signatures)) {
			return forbidden("Only a lead of your council can sign this off")
		}
	case *Ask:
		if action == AnswerForBody && !actor.forBody(it.Body) {
			return forbidden("The body that is asked answers this")
		}
	case *Talk:
		if !it.between(actor) {
			return forbidden("Only the two that talk can do this")
		}
	case *Suggestion:
		if !actor.ForCouncil(it.Council) {
			return forbidden("This suggestion was made to another council")
		}
	case *BuyingGroup:
		if was, ok := old.(*BuyingGroup); actor.OrgKind == OrgBody && (action != StandAsPartner || !ok || !it.changedByPartner(was, actor)) {
			return forbidden("A partner answers for itself alone: the councils of a group change it")
		}
	case ofGroup:
		if action == WorkAsPartner {
			if paper, ok := it.(*Paper); !ok || !paper.fromPartner(actor) || old != nil && !old.(*Paper).fromPartner(actor) {
				return forbidden("A partner adds papers, and changes its own")
			}
			break
		}
		if !it.part().admits(actor) {
			return forbidden("Only councils that have accepted can do this")
		}
	}
	if r.own && !actor.Of(item.owner()) {
		return forbidden("You can " + string(action) + " for your own council only")
	}
	if old != nil && r.own && !actor.Of(old.owner()) {
		return forbidden("This belongs to another council")
	}
	if action == ImportPrivately && (seenByOthers(item) || seenByOthers(old)) {
		return invalid("contract", "audience", "Others see this contract, or would: until your account is approved you can import what your council alone sees. Take the row out, or ask a colleague who contributes")
	}
	if old == nil {
		return nil
	}
	if p, ok := old.(*Platform); ok && !actor.ForCouncil(p.ListedBy) {
		return forbidden("Another council or the operator listed this platform")
	}
	return nil
}

// needsFactor says that an account must have a second factor before it acts: that an address can be read proves a domain,
// and is enough to read what its organisation may, but not to act for it. Personas of the demonstration are let in only by
// a service that is served with it, on loopback.
func needsFactor(a *Account) bool { return a.Role.rank() > RoleViewer.rank() && !a.Demonstration }

// stageOf is how far the person of a session has come. It is worked out at each request: somebody who is given more to do
// is asked for a second factor at once.
func stageOf(s *Session, a *Account) SignInStage {
	switch {
	case s.Provider != "", !s.Proved.IsZero():
		return StageIn
	case s.keys.Any(), s.bound: // who reads the mail of an account that its council's sign-in opens must not set up a factor for it
		return StageFactor
	case needsFactor(a):
		return StageEnrol
	}
	return StageIn
}

// asksAgain says that a person who came by the web has to use a second factor before this is written.
func asksAgain(actor Actor, action Action, item, old Item) bool {
	return actor.Via == "web" && actor.SignedIn() && !actor.Proved && action != FollowOn && mustProve(actor, action, item, old)
}

// mustProve says that what is written is one of the few things that a person confirms with a second factor used lately: to
// say that its council has approved, to leave a group, and whatever widens who sees something or who may do something. What
// is edited for the same readers does not ask. It looks at the records, so that no way of writing them goes past it.
func mustProve(actor Actor, action Action, item, old Item) bool {
	switch action {
	case ResetFactors, KeepProviders, RequireProvider, // who is let in, and how
		Reorganise, KeepBodies, DecideRequest, // who acts for whom
		SignReturns:
		return true
	}
	switch it := item.(type) {
	case *Contract:
		was, ok := old.(*Contract)
		return it.Audience == Public && !ok || ok && it.Audience.rank() < was.Audience.rank()
	case *Platform, *Use: // public as soon as they are there
		return old == nil
	case *Account:
		was, ok := old.(*Account)
		if action == ManageAccount && (!ok || it.Role != was.Role || it.Disabled != was.Disabled) {
			return true
		}
		// Whoever has the address of a feed reads what its council has, without signing in. One who only reads may have no
		// second factor to be asked for.
		return action == KeepCalendar && it.Calendar != nil && (!ok || was.Calendar == nil || was.Calendar.Hash != it.Calendar.Hash) && needsFactor(it)
	case *Interest:
		was, ok := old.(*Interest)
		return it.Rung == Approved && !(ok && was.Rung == Approved && was.ApprovalRef == it.ApprovalRef && was.Volume == it.Volume)
	case *Intention:
		was, ok := old.(*Intention)
		approves := it.Rung == Approved && !(ok && was.Rung == Approved && was.ApprovalRef == it.ApprovalRef && was.Volume == it.Volume)
		wider := ok && (it.Visibility.rank() < was.Visibility.rank() || it.Visibility != Own && it.Fields.widerThan(was.Fields))
		return approves || wider || !ok && it.Visibility == Public
	case *BuyingGroup:
		was, ok := old.(*BuyingGroup)
		var before Member
		if ok {
			before, _ = was.Member(actor.Org)
		}
		now, _ := it.Member(actor.Org)
		approves := now.Rung == Approved && !(before.Rung == Approved && before.Approval == now.Approval && before.Volume == now.Volume)
		left, given := false, false
		if ok {
			stood, _ := was.partnerOf(actor)
			stands, _ := it.partnerOf(actor)
			left = stood.State == Accepted && stands.State != Accepted
			given = it.Deputy != "" && it.Deputy != was.Deputy || it.Offered != "" && it.Offered != was.Offered || it.asksIn(was)
		}
		return approves || left || given || before.State == Accepted && now.State != Accepted || it.Card == Public && !(ok && was.Card == Public)
	case *Paper: // what members kept to themselves
		was, ok := old.(*Paper)
		return ok && was.Kept && !it.Kept
	case *Offer:
		was, ok := old.(*Offer)
		return it.Audience == Public && !ok || ok && it.Audience.rank() < was.Audience.rank()
	case *Ask:
		was, ok := old.(*Ask)
		now := it.audienceOf(actor.Org)
		return now == Public && (!ok || was.audienceOf(actor.Org) != Public)
	case *Signal:
		was, ok := old.(*Signal)
		return it.IsPublic() && !(ok && was.IsPublic() && was.Text == it.Text)
	}
	return false
}

// MayTakeOut says whether an actor may take out all that its council has: it leads or administers it, and has used a second
// factor lately.
func MayTakeOut(actor Actor) error {
	if actor.OrgKind != OrgCouncil || actor.Org == "" || !MayDo(actor, RunGroup) {
		return forbidden("A lead or an administrator of a council can take out its data")
	}
	if actor.Via == "web" && actor.SignedIn() && !actor.Proved {
		return ErrProveFirst
	}
	return nil
}

// seenByOthers says that a contract is not its council's alone.
func seenByOthers(item Item) bool {
	k, ok := item.(*Contract)
	return ok && k.Audience != Own
}
