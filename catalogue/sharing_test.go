package catalogue_test

import (
	"context"
	"testing"

	"jointly/catalogue"
)

func TestAPrivateImportIsOpenedAndStillUndone(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	newcomer, colleague := officer(birmingham, catalogue.RoleViewer), officer(birmingham, catalogue.RoleContributor)
	items := registerOf(120, "Private")
	for _, item := range items {
		item.(*catalogue.Contract).Audience = catalogue.Own
	}
	done := must[catalogue.Imported](t)(c.Import(ctx, newcomer, items, catalogue.ImportOptions{ID: catalogue.NewID(), Columns: map[string]string{"ref": "ContractReference"}}))
	if done.Created != 120 {
		t.Fatalf("%+v", done)
	}
	_, err := c.Import(ctx, newcomer, []catalogue.Item{changed(items[0])}, catalogue.ImportOptions{ID: done.ID})
	is(t, "the same import again", err, catalogue.Conflict)
	record := must[*catalogue.ImportRecord](t)(c.ImportRecord(ctx, newcomer, done.ID))
	if record.Private != 120 || record.Columns["ref"] != "ContractReference" || !record.MayUndo(newcomer) || record.MayShare(newcomer) {
		t.Errorf("%+v", record)
	}
	_, err = c.ImportRecord(ctx, officer(dudley, catalogue.RoleAdmin), done.ID)
	is(t, "another council looks", err, catalogue.NotFound)
	if n := must[int](t)(c.ShareImport(ctx, colleague, done.ID)); n != 120 {
		t.Errorf("%d are opened", n)
	}
	seen := must[[]*catalogue.Contract](t)(c.CouncilContracts(ctx, officer(dudley, catalogue.RoleViewer), birmingham))
	if public := must[[]*catalogue.Contract](t)(c.CouncilContracts(ctx, catalogue.Anonymous(), birmingham)); len(seen) != 120 || len(public) != 0 {
		t.Errorf("councils see %d, anybody %d", len(seen), len(public))
	}
	undone := must[catalogue.Undone](t)(c.UndoImport(ctx, newcomer, done.ID))
	if undone.Removed != 0 || len(undone.Left) != 120 {
		t.Errorf("a newcomer takes away %d that others see", undone.Removed)
	}
	whole(t, c)
}

func TestWhoSeesItIsNoChangeToAnUndo(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	colleague := officer(birmingham, catalogue.RoleContributor)
	imports(t, c, registerOf(1, "First")...)
	items := registerOf(3, "Second")
	for _, item := range items {
		item.(*catalogue.Contract).Audience = catalogue.Own
	}
	done := must[catalogue.Imported](t)(c.Import(ctx, colleague, items, catalogue.ImportOptions{}))
	must[int](t)(c.ShareImport(ctx, colleague, done.ID))
	undone := must[catalogue.Undone](t)(c.UndoImport(ctx, colleague, done.ID))
	if undone.Removed != 2 || undone.Restored != 1 || len(undone.Left) != 0 {
		t.Errorf("%+v", undone)
	}
	if left := must[[]*catalogue.Contract](t)(c.CouncilContracts(ctx, colleague, birmingham)); len(left) != 1 || left[0].Title != "First 0" || left[0].Audience != catalogue.Councils {
		t.Errorf("there is %+v", left[0])
	}
	whole(t, c)
}

func changed(item catalogue.Item) catalogue.Item {
	k := *item.(*catalogue.Contract)
	k.Meta, k.Title = catalogue.Meta{Ref: k.Ref}, "Changed"
	return &k
}
