using Symbolon.Core.Accounts;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Registry.Reviews;
using Symbolon.Registry.Servers;

namespace Symbolon.UnitTests.Registry.Reviews;

/// <summary>Who decides, when, and about what. DESIGN.md section 4, Reviews.</summary>
[Trait("area", "reviews")]
public sealed class ReviewDeskTests
{
    private const string Other = """{"name":"look","effect":"write"}""";
    private RegistryDesk desk = new();

    [Fact]
    public async Task A_registration_is_a_review_and_approving_it_lets_the_server_serve()
    {
        await desk.ApplyAsync(RegistryDesk.Server("shop"));
        var review = await ReviewAsync("shop.1");
        Assert.Equal((ReviewCause.Registration, ReviewState.Open, "ann", 1, "because"), (review.Cause, review.State, review.RequestedBy, review.Manifest, review.Request));
        await ApproveAsync("shop.1");
        Assert.Equal((Lifecycle.Active, 1), (desk.Find("shop").State, desk.Find("shop").Approved!.Number));
        review = await ReviewAsync("shop.1");
        Assert.Equal((ReviewState.Approved, "ben", false), (review.State, review.Decision!.By, review.SelfApproved));
    }

    [Fact]
    public async Task A_rejected_version_never_serves_and_its_number_is_not_used_again()
    {
        await ServesAsync();
        await desk.ApplyAsync(RegistryDesk.Server("shop", Other));
        Assert.IsType<Result<VersionedServer>.Done>(await desk.Reviews.RejectAsync(RegistryDesk.Ann, Name("shop.2"), 1, "no", CancellationToken.None));
        Assert.Equal((1, null, null), (desk.Find("shop").Approved!.Number, desk.Find("shop").Pending, desk.Find("shop").PendingReview));
        Assert.Equal((ReviewState.Rejected, "no"), ((await ReviewAsync("shop.2")).State, (await ReviewAsync("shop.2")).Decision!.Reason));
        Assert.Equal("Server/shop Pending 3", await desk.ApplyAsync(RegistryDesk.Server("shop", Other)));
    }

    [Fact]
    public async Task A_rejected_registration_leaves_a_server_that_can_be_applied_again()
    {
        await desk.ApplyAsync(RegistryDesk.Server("shop"));
        await desk.Reviews.RejectAsync(RegistryDesk.Ben, Name("shop.1"), 1, null, CancellationToken.None);
        Assert.Equal((Lifecycle.Pending, null), (desk.Find("shop").State, desk.Find("shop").Pending));
        Assert.Equal("Server/shop Created 2", await desk.ApplyAsync(RegistryDesk.Server("shop")));
    }

    [Fact]
    public async Task Of_two_who_decide_at_once_one_does_and_the_other_is_told()
    {
        await desk.ApplyAsync(RegistryDesk.Server("shop"));
        desk.Store.BeforeCommit = () =>
        {
            desk.Store.BeforeCommit = null;
            desk.Reviews.RejectAsync(RegistryDesk.Ann, Name("shop.1"), 1, "first", CancellationToken.None).GetAwaiter().GetResult();
        };
        Assert.Equal("nothing_pending", (await RefusedAsync("shop.1")).Code);
        Assert.Equal((ReviewState.Rejected, "ann"), ((await ReviewAsync("shop.1")).State, (await ReviewAsync("shop.1")).Decision!.By));
        Assert.Equal(Lifecycle.Pending, desk.Find("shop").State);
        Assert.Equal("review_closed", (await RefusedAsync("shop.1")).Code);
    }

    [Fact]
    public async Task A_review_that_has_changed_since_it_was_read_is_not_decided()
    {
        await desk.ApplyAsync(RegistryDesk.Server("shop"));
        Assert.Equal("subject_changed", (await RefusedAsync("shop.1", revision: 7)).Code);
        Assert.Equal(ChangeErrorKind.NotFound, (await RefusedAsync("shop.9")).Kind);
        Assert.Contains(desk.Audit.Appended, record => record.Action == "approve refused: subject_changed" && record.Target == "Review/shop.1");
    }

    [Fact]
    public async Task Nobody_approves_what_nobody_decided_in_time_and_the_clock_closes_it()
    {
        desk = new RegistryDesk(new ReviewRules { Expiry = TimeSpan.FromHours(2) });
        await ServesAsync();
        await desk.ApplyAsync(RegistryDesk.Server("shop", Other));
        desk.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal("review_expired", (await RefusedAsync("shop.2")).Code);
        Assert.Equal(1, await desk.Expiry.CloseAsync(CancellationToken.None));
        Assert.Equal((ReviewState.Expired, null), ((await ReviewAsync("shop.2")).State, desk.Find("shop").Pending));
        Assert.Contains(desk.Store.Committed, record => record is { Action: "expire review", By: ReviewExpiry.By, Server: "shop" });
        Assert.Equal(0, await desk.Expiry.CloseAsync(CancellationToken.None));
    }

    [Fact]
    public async Task While_there_is_one_reviewer_who_asked_may_approve_and_it_is_recorded()
    {
        await AdministratorAsync("ann@example.com");
        var ann = RegistryDesk.Ann with { By = "ann@example.com" };
        await desk.TryApplyAsync(ann, dryRun: false, RegistryDesk.Server("shop"));
        Assert.IsType<Result<VersionedServer>.Done>(await desk.Reviews.ApproveAsync(ann, Name("shop.1"), 1, false, null, CancellationToken.None));
        Assert.True((await ReviewAsync("shop.1")).SelfApproved);
    }

    [Theory]
    [InlineData(FourEyesRule.Auto, 2, "ann@example.com", "four_eyes")]
    [InlineData(FourEyesRule.Auto, 2, "admin-token", "four_eyes")]
    [InlineData(FourEyesRule.Auto, 2, "ben@example.com", null)]
    [InlineData(FourEyesRule.On, 1, "ann@example.com", "four_eyes")]
    [InlineData(FourEyesRule.Off, 2, "ann@example.com", null)]
    [InlineData(FourEyesRule.Auto, 2, "member@example.com", "four_eyes")]
    public async Task Four_eyes_are_enforced_once_there_is_a_second_reviewer(FourEyesRule rule, int administrators, string by, string? code)
    {
        desk = new RegistryDesk(new ReviewRules { FourEyes = rule });
        await AdministratorAsync("ann@example.com");
        if (administrators > 1) await AdministratorAsync("ben@example.com");
        await AdministratorAsync("member@example.com", isAdministrator: false);
        await AdministratorAsync("late@example.com", hasPassword: false);
        await desk.TryApplyAsync(RegistryDesk.Ann with { By = "ann@example.com" }, dryRun: false, RegistryDesk.Server("shop"));
        var decided = await desk.Reviews.ApproveAsync(RegistryDesk.Ben with { By = by }, Name("shop.1"), 1, false, null, CancellationToken.None);
        Assert.Equal(code, (decided as Result<VersionedServer>.Refused)?.Why.Code);
        Assert.Equal(code is null ? Lifecycle.Active : Lifecycle.Pending, desk.Find("shop").State);
    }

    [Fact]
    public async Task What_was_asked_for_in_nobodys_name_has_no_second_to_look()
    {
        desk = new RegistryDesk(new ReviewRules { FourEyes = FourEyesRule.On });
        await AdministratorAsync("ben@example.com");
        await desk.TryApplyAsync(RegistryDesk.Ann with { By = "admin-token" }, dryRun: false, RegistryDesk.Server("shop"));
        Assert.Equal("four_eyes", Assert.IsType<Result<VersionedServer>.Refused>(await desk.Reviews.ApproveAsync(RegistryDesk.Ben with { By = "ben@example.com" }, Name("shop.1"), 1, false, null, CancellationToken.None)).Why.Code);
    }

    [Fact]
    public async Task Who_asked_may_always_take_it_back()
    {
        desk = new RegistryDesk(new ReviewRules { FourEyes = FourEyesRule.On });
        await desk.ApplyAsync(RegistryDesk.Server("shop"));
        Assert.IsType<Result<VersionedServer>.Done>(await desk.Reviews.RejectAsync(RegistryDesk.Ann, Name("shop.1"), 1, "a mistake", CancellationToken.None));
    }

    [Fact]
    public async Task A_store_that_is_lost_changes_nothing_and_says_so()
    {
        await desk.ApplyAsync(RegistryDesk.Server("shop"));
        desk.Store.IsBroken = true;
        Assert.Equal("not_durable", (await RefusedAsync("shop.1")).Code);
        desk.Store.IsBroken = false;
        Assert.Equal(ReviewState.Open, (await ReviewAsync("shop.1")).State);
    }

    [Fact]
    public async Task A_server_is_taken_back_to_what_it_said_before_by_the_way_of_every_file()
    {
        await ServesAsync();
        await desk.ApplyAsync(RegistryDesk.Server("shop", Other));
        await ApproveAsync("shop.2");
        var back = Assert.IsType<Result<Symbolon.Registry.Changes.AppliedDocument>.Done>(
            await desk.Rollback.ToAsync(RegistryDesk.Ann, new ObjectKey(ObjectKind.Server, "shop"), 2, "undo", CancellationToken.None)).Value;
        Assert.Equal(("shop.3", 3L), (back.Review?.ToString(), back.Version));
        await ApproveAsync("shop.3");
        Assert.Equal((Core.Tools.Effect.Read, 1), (desk.Find("shop").Approved!.Manifest.Tools[0].Effect, desk.Find("shop").Approved!.RollbackTo));
        Assert.Contains(desk.Store.Committed, record => record is { Action: "roll back", Reason: "undo", Target: "Server/shop" });
    }

    [Fact]
    public async Task Every_version_of_an_object_replays_to_its_present_state()
    {
        await ServesAsync();
        await desk.ApplyAsync(RegistryDesk.Server("shop", Other));
        await ApproveAsync("shop.2");
        await desk.Servers.SuspendAsync(RegistryDesk.Ben, new ServerName("shop"), "x", null, CancellationToken.None);
        await desk.Servers.RetireAsync(RegistryDesk.Ben, new ServerName("shop"), "x", null, CancellationToken.None);
        var history = await desk.Store.HistoryAsync(OrganisationId.Default, new ObjectKey(ObjectKind.Server, "shop"), CancellationToken.None);
        Assert.Equal(Enumerable.Range(1, 6).Select(each => (long)each), history.Select(version => version.Version));
        Assert.Same(desk.Find("shop"), history[^1].Item);
        Assert.Equal(["ann", "ben", "ann", "ben", "ben", "ben"], history.Select(version => version.ChangedBy));
    }

    private async Task ServesAsync()
    {
        await desk.ApplyAsync(RegistryDesk.Server("shop"));
        await ApproveAsync("shop.1");
    }

    private async Task AdministratorAsync(string email, bool isAdministrator = true, bool hasPassword = true) => Assert.NotNull(await desk.Accounts.TryPutAsync(OrganisationId.Default, new Account
    {
        Email = UserEmail.Parse(email), IsAdministrator = isAdministrator, Password = hasPassword ? "hash" : null, CreatedAt = 1, LastChange = new StateChange { By = "test", At = 1 },
    }, endsIssued: false, [], CancellationToken.None));

    private async Task ApproveAsync(string name) =>
        Assert.IsType<Result<VersionedServer>.Done>(await desk.Reviews.ApproveAsync(RegistryDesk.Ben, Name(name), (await ReviewAsync(name)).Revision, false, null, CancellationToken.None));

    private async Task<ChangeError> RefusedAsync(string name, long revision = 1) =>
        Assert.IsType<Result<VersionedServer>.Refused>(await desk.Reviews.ApproveAsync(RegistryDesk.Ben, Name(name), revision, false, null, CancellationToken.None)).Why;

    private async Task<Review> ReviewAsync(string name) => (await desk.Store.FindAsync(OrganisationId.Default, Name(name), CancellationToken.None))!;

    private static ReviewName Name(string text) => ReviewName.TryParse(text, out var name) ? name : throw new ArgumentException(text, nameof(text));
}
