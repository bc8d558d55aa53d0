using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;

namespace Symbolon.UnitTests.Registry;

[Trait("area", "registry")]
public sealed class PolicyTests
{
    private readonly RegistryDesk desk = new();

    [Fact]
    public async Task A_file_of_a_policy_takes_effect_at_once_and_the_same_again_changes_nothing()
    {
        Assert.Equal("Policy/refunds Created 1", await desk.ApplyAsync(Policy("args.amount > 100")));
        Assert.Equal("Policy/refunds Unchanged 1", await desk.ApplyAsync(Policy("args.amount > 100")));
        Assert.Equal("Policy/refunds Updated 2", await desk.ApplyAsync(Policy("args.amount > 50")));
        Assert.Equal(["apply Policy/refunds", "apply Policy/refunds"], desk.Store.Committed.Select(record => $"{record.Action} {record.Target}"));
        Assert.Equal("args.amount > 50", Found().Rules.Single().When);
    }

    [Fact]
    public async Task A_plan_says_which_part_of_which_rule_changes()
    {
        await desk.ApplyAsync(Policy("args.amount > 100"));
        var planned = Assert.IsType<Result<System.Collections.Immutable.ImmutableArray<Symbolon.Registry.Changes.AppliedDocument>>.Done>(await desk.TryApplyAsync(RegistryDesk.Ann, dryRun: true, Policy("args.amount > 50", ""","default":"deny" """)));
        Assert.Equal(["spec.default", "spec.rules[large].when"], planned.Value[0].Changes.Select(change => change.Path).Order(StringComparer.Ordinal));
        Assert.Equal("args.amount > 100", Found().Rules.Single().When);
    }

    [Fact]
    public async Task One_that_is_retired_keeps_its_name_for_good()
    {
        await desk.ApplyAsync(Policy("true"));
        var retired = Assert.IsType<Result<(PolicyObject Item, long Version)>.Done>(await desk.Retirement.OfPolicyAsync(RegistryDesk.Ann, new PolicyName("refunds"), "gone", 1, CancellationToken.None));
        Assert.Equal((2, "ann", "gone"), (retired.Value.Version, retired.Value.Item.LastChange!.By, retired.Value.Item.LastChange.Reason));
        Assert.NotNull(Found().RetiredAt);
        Assert.Equal("retire Policy/refunds gone", desk.Store.Committed[^1] switch { var record => $"{record.Action} {record.Target} {record.Reason}" });
        Assert.Equal("retired", (await desk.RefusedAsync(Policy("true"))).Code);
        Assert.Equal("retired", Assert.IsType<Result<(PolicyObject, long)>.Refused>(await desk.Retirement.OfPolicyAsync(RegistryDesk.Ann, new PolicyName("refunds"), null, null, CancellationToken.None)).Why.Code);
    }

    [Fact]
    public async Task It_goes_back_to_what_one_of_its_versions_said()
    {
        await desk.ApplyAsync(Policy("args.amount > 100"));
        await desk.ApplyAsync(Policy("args.amount > 50"));
        Assert.IsType<Result<Symbolon.Registry.Changes.AppliedDocument>.Done>(await desk.Rollback.ToAsync(RegistryDesk.Ann, new ObjectKey(ObjectKind.Policy, "refunds"), 1, null, CancellationToken.None));
        Assert.Equal("args.amount > 100", Found().Rules.Single().When);
    }

    private static string Policy(string when, string more = "") => $$$"""
        {"apiVersion":"symbolon/v1","kind":"Policy","metadata":{"name":"refunds"},"spec":{"rules":[{"name":"large","servers":["*"],"when":"{{{when}}}","decision":"deny"}]{{{more}}}} }
        """;

    private PolicyObject Found() => desk.Configuration.Policy(OrganisationId.Default, new PolicyName("refunds"))!;
}
