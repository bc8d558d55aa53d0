using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;

namespace Symbolon.UnitTests.Registry;

[Trait("area", "registry")]
public sealed class IssuerTests
{
    private readonly RegistryDesk desk = new();

    [Fact]
    public async Task A_file_of_an_issuer_takes_effect_at_once_and_the_same_again_changes_nothing()
    {
        Assert.Equal("Issuer/ci Created 1", await desk.ApplyAsync(Issuer("ci")));
        Assert.Equal("Issuer/ci Unchanged 1", await desk.ApplyAsync(Issuer("ci")));
        Assert.Equal("Issuer/ci Updated 2", await desk.ApplyAsync(Issuer("ci", subjects: """["repo:acme/shop:*"]""")));
        Assert.Equal("repo:acme/shop:*", Found("ci").Subjects.Single().Text);
    }

    [Fact]
    public async Task One_that_is_retired_keeps_its_name_for_good_and_nobody_can_name_it_anew()
    {
        await desk.ApplyAsync(Issuer("ci"), Agent("bot"));
        var retired = Assert.IsType<Result<(IssuerObject Item, long Version)>.Done>(await desk.Retirement.OfIssuerAsync(RegistryDesk.Ann, new IssuerName("ci"), "gone", 1, CancellationToken.None));
        Assert.Equal((2, "ann", "gone"), (retired.Value.Version, retired.Value.Item.LastChange!.By, retired.Value.Item.LastChange.Reason));
        Assert.Equal("retire Issuer/ci gone", desk.Store.Committed[^1] switch { var record => $"{record.Action} {record.Target} {record.Reason}" });
        Assert.Equal("retired", (await desk.RefusedAsync(Issuer("ci"))).Code);
        Assert.Equal("documents[0].spec.federation[0].issuer unknown_reference", Told(await desk.RefusedAsync(Agent("other"))));
        // Its iss is free for another one.
        Assert.Equal("Issuer/ci-2 Created 1", await desk.ApplyAsync(Issuer("ci-2")));
    }

    [Fact]
    public async Task An_agent_may_only_name_an_issuer_that_is_there_or_comes_along()
    {
        Assert.Equal("documents[0].spec.federation[0].issuer unknown_reference", Told(await desk.RefusedAsync(Agent("bot"))));
        Assert.Equal("Agent/bot Created 1, Issuer/ci Created 1", await desk.ApplyAsync(Agent("bot"), Issuer("ci")));
        Assert.Equal("Agent/bot Unchanged 1", await desk.ApplyAsync(Agent("bot")));
        Assert.Equal("Agent/bot Updated 2", await desk.ApplyAsync(RegistryDesk.Agent("bot")));
        Assert.Empty(desk.Configuration.Agent(OrganisationId.Default, new AgentName("bot"))!.Federation);
    }

    [Fact]
    public async Task No_two_have_one_iss_or_one_trust_domain()
    {
        await desk.ApplyAsync(Issuer("ci"));
        Assert.Equal("documents[0].spec.issuer duplicate", Told(await desk.RefusedAsync(Issuer("other"))));
        Assert.Equal("documents[0].spec.issuer duplicate, documents[1].spec.issuer duplicate", Told(await desk.RefusedAsync(Issuer("a", "https://a.example.com"), Issuer("b", "https://a.example.com"))));
        const string domain = ""","trustDomain":"prod.example.com" """;
        await desk.ApplyAsync(Issuer("mesh", "https://spire.example.com", """["spiffe://prod.example.com/*"]""", domain));
        Assert.Equal("documents[0].spec.trustDomain duplicate", Told(await desk.RefusedAsync(Issuer("other", "https://b.example.com", """["spiffe://prod.example.com/*"]""", domain))));
        // One may take the name of another in the same request that gives it up.
        Assert.Equal("Issuer/ci Updated 2, Issuer/next Created 1", await desk.ApplyAsync(Issuer("ci", "https://c.example.com"), Issuer("next")));
    }

    [Fact]
    public async Task It_goes_back_to_what_one_of_its_versions_said()
    {
        await desk.ApplyAsync(Issuer("ci"));
        await desk.ApplyAsync(Issuer("ci", subjects: """["repo:acme/shop:*"]"""));
        Assert.IsType<Result<Symbolon.Registry.Changes.AppliedDocument>.Done>(await desk.Rollback.ToAsync(RegistryDesk.Ann, new ObjectKey(ObjectKind.Issuer, "ci"), 1, null, CancellationToken.None));
        Assert.Equal("repo:acme/*", Found("ci").Subjects.Single().Text);
    }

    private static string Issuer(string name, string issuer = "https://ci.example.com", string subjects = """["repo:acme/*"]""", string more = "") => $$"""
        {"apiVersion":"symbolon/v1","kind":"Issuer","metadata":{"name":"{{name}}"},"spec":{"issuer":"{{issuer}}","audience":"https://symbolon.example.com","subjects":{{subjects}}{{more}}} }
        """;

    private static string Agent(string name) => $$"""
        {"apiVersion":"symbolon/v1","kind":"Agent","metadata":{"name":"{{name}}","owner":"ops@example.com"},"spec":{"federation":[{"issuer":"ci","subject":"repo:acme/shop:*"}]} }
        """;

    private static string Told(ChangeError error) => string.Join(", ", error.Errors.Select(field => $"{field.Path} {field.Code}"));

    private IssuerObject Found(string name) => desk.Configuration.Issuer(OrganisationId.Default, new IssuerName(name))!;
}
