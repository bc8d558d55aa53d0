using Symbolon.AuthorizationServer.PastedTokens;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;

namespace Symbolon.UnitTests.AuthorizationServer;

[Trait("area", "tokens")]
public sealed class TokenIssuerTests
{
    private const string Alice = "alice@example.com";
    private const long Hour = 3600;
    private const long Day = 24 * Hour;
    private readonly TokenDesk desk = new();

    [Fact]
    public async Task A_token_within_a_grant_is_stored_as_a_hash_with_its_record()
    {
        desk.Grant("g", """{"users":["alice@example.com"],"agents":["bot"]}""", "\"tools\":[\"look\"]");
        var issued = await desk.IssueAsync(TokenDesk.Order(Alice, "bot", "look") with { Note = "laptop", Reason = "needs it" });

        Assert.Matches("^tok_[0-9A-Za-z]{22}$", issued.Token.Id.Value);
        Assert.StartsWith("sym_usr_", issued.Secret, StringComparison.Ordinal);
        Assert.Equal(issued.Token, await desk.Store.FindBySecretAsync(PastedToken.Hash(issued.Secret), TestContext.Current.CancellationToken));
        Assert.Equal((desk.Clock.Microseconds(), "admin-token", "laptop"), (issued.Token.IssuedAt, issued.Token.IssuedBy, issued.Token.Note));
        var record = Assert.Single(desk.Store.Committed);
        Assert.Equal((AuditKind.TokenIssued, true, Alice, "bot", issued.Token.Id.Value, "mcp:shop:look", "needs it"),
            (record.Kind, record.Allowed, record.User, record.Agent, record.Token, record.Scope, record.Reason));
        Assert.DoesNotContain(issued.Secret, issued.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_of_all_prompts_lives_no_longer_than_each_grant_of_them_says()
    {
        desk.Grant("long", """{"users":["alice@example.com"]}""", "\"prompts\":[\"a\"]", maxTtl: "20d");
        desk.Grant("short", """{"users":["alice@example.com"]}""", "\"prompts\":[\"b\"]", maxTtl: "2h");
        desk.Grant("other", """{"users":["alice@example.com"]}""", "\"resources\":[\"*\"]", maxTtl: "1h");
        var issued = await desk.IssueAsync(TokenDesk.Order(Alice, null, "@prompts"));
        Assert.Equal(2 * Hour, (issued.Token.ExpiresAt - desk.Clock.Microseconds()) / 1_000_000);
        Assert.Equal("ttl", Assert.Single((await desk.RefusedAsync(TokenDesk.Order(Alice, null, "@prompts", ttl: 3 * Hour))).Errors).Path);
    }

    [Theory]
    [InlineData("@prompts")]
    [InlineData("look,@resources")]
    public async Task A_grant_of_prompts_or_resources_is_not_created_with_a_token(string wanted)
    {
        var refusal = await desk.RefusedAsync(TokenDesk.Order(Alice, null, wanted) with { CreateGrant = new NewGrant(new GrantName("mine"), null, null) });
        Assert.Equal("createGrant", Assert.Single(refusal.Errors).Path);
        Assert.Empty(desk.Store.Committed);
    }

    /// <summary>Access of the grant (as in its file), what the token wants, what is missing.</summary>
    [Theory]
    [InlineData("\"tools\":[\"look\"]", "look", "")]
    [InlineData("\"tools\":[\"look\"]", "look,change", "mcp:shop:change")]
    [InlineData("\"tools\":[\"look\"]", "@granted", "")]
    [InlineData("\"effects\":[\"read\"]", "look,find", "")]
    [InlineData("\"effects\":[\"read\"]", "peek", "mcp:shop:peek")]
    [InlineData("\"effects\":[\"read\"]", "@read", "")]
    [InlineData("\"effects\":[\"read\"]", "@read,@write", "mcp:shop:change")]
    [InlineData("\"tools\":[\"look\",\"find\"]", "@read", "")]
    [InlineData("\"tools\":[\"look\"]", "@read", "mcp:shop:find")]
    [InlineData("\"tools\":[\"peek\"]", "peek", "")]
    [InlineData("\"prompts\":[\"review\"]", "@prompts", "")]
    [InlineData("\"prompts\":[\"*\"],\"resources\":[\"file:///docs/*\"]", "@prompts,@resources", "")]
    [InlineData("\"prompts\":[\"*\"]", "@prompts,@resources", "mcp:shop:@resources")]
    [InlineData("\"resources\":[\"*\"]", "look,@prompts", "mcp:shop:look mcp:shop:@prompts")]
    [InlineData("\"effects\":[\"read\"]", "@prompts", "mcp:shop:@prompts")]
    public async Task A_token_names_no_more_than_the_grants_allow(string grant, string wanted, string missing)
    {
        desk.Grant("g", """{"users":["alice@example.com"]}""", grant);
        var order = TokenDesk.Order(Alice, null, wanted);
        if (missing.Length == 0)
        {
            await desk.IssueAsync(order);
            return;
        }
        var refusal = await desk.RefusedAsync(order);
        Assert.Equal((ChangeErrorKind.NotGranted, "not_granted"), (refusal.Kind, refusal.Code));
        Assert.Equal(missing.Split(' '), refusal.Errors.Select(error => error.Message));
        Assert.Equal((AuditKind.TokenIssued, false, ReasonCode.NotGranted), Assert.Single(desk.Audit.Appended) switch { var record => (record.Kind, record.Allowed, record.Code!.Value) });
        Assert.Equal("createGrant.maxTtl", Assert.Single((await desk.RefusedAsync(TokenDesk.Order(Alice, null, "look") with { CreateGrant = new NewGrant(new GrantName("h"), null, 91 * 24 * Hour) })).Errors).Path);
        Assert.Empty(desk.Store.Committed);
    }

    [Fact]
    public async Task A_grant_that_has_ended_was_retired_or_is_for_somebody_else_allows_nothing()
    {
        desk.Grant("ended", """{"users":["alice@example.com"]}""", "\"tools\":[\"look\"]", expires: "2027-01-14");
        desk.Grant("bobs", """{"users":["bob@example.com"]}""", "\"tools\":[\"look\"]");
        desk.Grant("retired", """{"users":["alice@example.com"]}""", "\"tools\":[\"look\"]");
        var retired = desk.Configuration.Grant(OrganisationId.Default, new GrantName("retired"))!;
        desk.Put(new ObjectKey(ObjectKind.Grant, "retired"), retired with { RetiredAt = desk.Clock.Microseconds() });
        Assert.Equal("not_granted", (await desk.RefusedAsync(TokenDesk.Order(Alice, null, "look"))).Code);
        Assert.Equal("not_granted", (await desk.RefusedAsync(TokenDesk.Order(Alice, null, "@granted"))).Code);
    }

    /// <summary>maxTtl of two grants (the first of look and find, the second of look and change), what is wanted, the ceiling in hours.</summary>
    [Theory]
    [InlineData("8h", "24h", "look", 24)]
    [InlineData("8h", "24h", "find", 8)]
    [InlineData("8h", "24h", "change", 24)]
    [InlineData("8h", "24h", "find,change", 8)]
    [InlineData("8h", "24h", "@granted", 8)]
    [InlineData("8h", null, "look", 90 * 24)]
    [InlineData(null, null, "look,find,change", 90 * 24)]
    [InlineData("120d", "120d", "look", 90 * 24)]
    public async Task The_life_of_a_token_ends_with_the_smallest_maxTtl_of_the_grants_that_it_needs(string? first, string? second, string wanted, long hours)
    {
        desk.Grant("first", """{"users":["alice@example.com"]}""", "\"tools\":[\"look\",\"find\"]", first);
        desk.Grant("second", """{"users":["alice@example.com"]}""", "\"tools\":[\"look\",\"change\"]", second);
        var issued = await desk.IssueAsync(TokenDesk.Order(Alice, null, wanted, hours * Hour));
        Assert.Equal(UnixTime.FromSeconds(hours * Hour), issued.Token.ExpiresAt - issued.Token.IssuedAt);

        var refusal = await desk.RefusedAsync(TokenDesk.Order(Alice, null, wanted, (hours * Hour) + 1));
        Assert.Equal((ChangeErrorKind.Invalid, "ttl"), (refusal.Kind, Assert.Single(refusal.Errors).Path));
    }

    [Theory]
    [InlineData(Alice, null, null, null, 30 * Day)]
    [InlineData(Alice, "bot", null, null, 8 * Hour)]
    [InlineData(null, "bot", null, null, 8 * Hour)]
    [InlineData(null, "bot", "ci", null, 8 * Hour)]
    [InlineData(Alice, null, null, "7d", 7 * Day)]
    [InlineData(null, "bot", null, "1h", Hour)]
    public async Task Without_a_wish_a_token_lives_the_default_or_up_to_the_ceiling(string? user, string? agent, string? workflow, string? maxTtl, long seconds)
    {
        var to = string.Join(",", new[] { user is null ? null : "\"users\":[\"*\"]", agent is null ? null : "\"agents\":[\"bot\"]", workflow is null ? null : "\"workflows\":[\"ci\"]" }.OfType<string>());
        desk.Grant("g", "{" + to + "}", "\"tools\":[\"look\"]", maxTtl);
        var issued = await desk.IssueAsync(TokenDesk.Order(user, agent, "look", workflow: workflow));
        Assert.Equal(UnixTime.FromSeconds(seconds), issued.Token.ExpiresAt - issued.Token.IssuedAt);
    }

    [Fact]
    public async Task The_organisations_ceiling_binds_where_the_grants_are_wider()
    {
        desk.Grant("g", """{"users":["*"]}""", "\"tools\":[\"look\"]");
        desk.Put(new ObjectKey(ObjectKind.Organisation, "default"), new OrganisationObject { Id = OrganisationId.Default, MaxTokenTtlSeconds = Hour });
        Assert.Contains("organisation", (await desk.RefusedAsync(TokenDesk.Order(Alice, null, "look", Hour + 1))).Message, StringComparison.Ordinal);
        await desk.IssueAsync(TokenDesk.Order(Alice, null, "look", Hour));
        Assert.Equal("ttl", Assert.Single((await desk.RefusedAsync(TokenDesk.Order(Alice, null, "look", 59))).Errors).Path);
    }

    [Fact]
    public async Task What_an_order_names_must_be_there_and_all_that_is_not_is_told_at_once()
    {
        desk.Grant("g", """{"users":["*"]}""", "\"tools\":[\"look\"]");
        Assert.Equal(["agent", "workflow", "servers[0].tools"],
            (await desk.RefusedAsync(TokenDesk.Order(Alice, "nobody", "look,nosuch,none", workflow: "never"))).Errors.Select(error => error.Path));
        Assert.Contains("nosuch, none", (await desk.RefusedAsync(TokenDesk.Order(Alice, null, "look,nosuch,none"))).Message, StringComparison.Ordinal);
        Assert.Contains("suspended", (await desk.RefusedAsync(TokenDesk.Order(Alice, "asleep", "look"))).Message, StringComparison.Ordinal);
        Assert.Contains("At least one", (await desk.RefusedAsync(TokenDesk.Order(null, null, "look"))).Message, StringComparison.Ordinal);
        Assert.Contains("names nothing", (await desk.RefusedAsync(TokenDesk.Order(Alice, null, ""))).Message, StringComparison.Ordinal);
        var draft = TokenDesk.Order(Alice, null, "look") with { Servers = [new ServerAccess { Server = new ServerName("draft"), Granted = true }, new ServerAccess { Server = new ServerName("none"), Granted = true }] };
        Assert.Equal(["servers[0].name", "servers[1].name"], (await desk.RefusedAsync(draft)).Errors.Select(error => error.Path));
        Assert.Equal("servers", Assert.Single((await desk.RefusedAsync(draft with { Servers = [] })).Errors).Path);
    }

    [Fact]
    public async Task Grant_and_agent_come_in_the_same_commit_and_all_means_the_tools_of_today()
    {
        var order = TokenDesk.Order(Alice, "new-bot", "@granted") with
        {
            CreateGrant = new NewGrant(new GrantName("mine"), new DateOnly(2027, 2, 1), 4 * Hour),
            CreateAgentOwner = UserEmail.Parse(Alice),
        };
        var issued = await desk.IssueAsync(order);

        Assert.Equal(UnixTime.FromSeconds(4 * Hour), issued.Token.ExpiresAt - issued.Token.IssuedAt);
        Assert.Equal(["create Agent/new-bot", "create Grant/mine", $"issue Token/{issued.Token.Id}"], desk.Store.Committed.Select(record => $"{record.Action} {record.Target}"));
        Assert.Equal(Alice, desk.Configuration.Agent(OrganisationId.Default, new AgentName("new-bot"))!.Owner);
        var grant = desk.Configuration.Grant(OrganisationId.Default, new GrantName("mine"))!;
        Assert.Equal(["look", "find", "change", "drop", "peek"], grant.Servers[0].Tools.Select(tool => tool.Value));
        Assert.Equal((false, 0), (grant.Servers[0].Granted, grant.Servers[0].Effects.Length));
        Assert.Equal((Alice, "new-bot", new DateOnly(2027, 2, 1)), (Assert.Single(grant.To.Users), grant.To.Agents[0].Value, grant.Expires!.Value));

        Assert.Equal("ttl", Assert.Single((await desk.RefusedAsync(order with { Holder = order.Holder with { Agent = new AgentName("third") }, CreateGrant = order.CreateGrant! with { Name = new GrantName("other") }, TtlSeconds = 5 * Hour })).Errors).Path);
    }

    [Theory]
    [InlineData(2 * Hour, null, 2 * Hour)]
    [InlineData(null, null, 30 * 24 * Hour)]
    [InlineData(2 * Hour, 8 * Hour, 8 * Hour)]
    public async Task A_grant_that_comes_with_a_token_allows_no_longer_ones_unless_it_says_so(long? ttl, long? maxTtl, long expected)
    {
        var order = TokenDesk.Order(Alice, null, "look") with { TtlSeconds = ttl, CreateGrant = new NewGrant(new GrantName("mine"), null, maxTtl) };
        await desk.IssueAsync(order);
        Assert.Equal(expected, desk.Configuration.Grant(OrganisationId.Default, new GrantName("mine"))!.MaxTtlSeconds);
        Assert.Equal("ttl", Assert.Single((await desk.RefusedAsync(order with { CreateGrant = null, TtlSeconds = expected + 1 })).Errors).Path);
        await desk.IssueAsync(order with { CreateGrant = null, TtlSeconds = expected });
    }

    [Fact]
    public async Task A_grant_that_comes_with_a_token_of_a_class_names_the_tools_of_today_and_ends_by_itself()
    {
        var order = TokenDesk.Order(Alice, null, "@read") with { CreateGrant = new NewGrant(new GrantName("mine"), null, null) };
        await desk.IssueAsync(order);
        var grant = desk.Configuration.Grant(OrganisationId.Default, new GrantName("mine"))!;
        Assert.Equal(["look", "find"], grant.Servers[0].Tools.Select(tool => tool.Value));
        Assert.Empty(grant.Servers[0].Effects);
        // As far ahead as the ceiling of a token's life.
        Assert.Equal(DateOnly.FromDateTime(desk.Clock.GetUtcNow().AddDays(90).UtcDateTime), grant.Expires);

        await desk.IssueAsync(order with { CreateGrant = new NewGrant(new GrantName("endless"), null, null, NeverEnds: true) });
        Assert.Null(desk.Configuration.Grant(OrganisationId.Default, new GrantName("endless"))!.Expires);
    }

    [Fact]
    public async Task A_workflow_comes_in_the_same_commit_with_a_record_of_its_own()
    {
        var order = TokenDesk.Order(null, null, "look") with
        {
            Holder = new Holder { Workflow = new WorkflowName("nightly") },
            CreateGrant = new NewGrant(new GrantName("mine"), null, null),
            CreateWorkflowOwner = UserEmail.Parse(Alice),
        };
        var issued = await desk.IssueAsync(order);

        Assert.Equal(TokenKind.Workflow, issued.Token.Kind);
        Assert.Equal(Alice, desk.Configuration.Workflow(OrganisationId.Default, new WorkflowName("nightly"))!.Owner);
        Assert.Equal(["create Workflow/nightly", "create Grant/mine", $"issue Token/{issued.Token.Id}"], desk.Store.Committed.Select(record => $"{record.Action} {record.Target}"));
        Assert.All(desk.Store.Committed, record => Assert.Equal(("nightly", true), (record.Workflow, record.Allowed)));
        Assert.Equal("createWorkflow", Assert.Single((await desk.RefusedAsync(order with { CreateGrant = null })).Errors).Path);
        Assert.Equal("createWorkflow", Assert.Single((await desk.RefusedAsync(TokenDesk.Order(Alice, null, "look") with { CreateWorkflowOwner = UserEmail.Parse(Alice) })).Errors).Path);
    }

    [Fact]
    public async Task All_that_is_granted_lives_no_longer_than_the_other_grants_allow_also_with_a_grant_of_its_own()
    {
        desk.Grant("prod", """{"users":["alice@example.com"]}""", "\"tools\":[\"change\"]", maxTtl: "1h");
        var order = TokenDesk.Order(Alice, null, "@granted") with { CreateGrant = new NewGrant(new GrantName("mine"), null, null) };

        Assert.Equal("ttl", Assert.Single((await desk.RefusedAsync(order with { TtlSeconds = 2 * Hour })).Errors).Path);
        Assert.Equal(UnixTime.FromSeconds(Hour), (await desk.IssueAsync(order)).Token switch { var token => token.ExpiresAt - token.IssuedAt });
    }

    [Fact]
    public async Task What_shall_be_created_must_be_new()
    {
        desk.Grant("g", """{"users":["*"]}""", "\"tools\":[\"look\"]");
        Assert.Equal("createAgent", Assert.Single((await desk.RefusedAsync(TokenDesk.Order(Alice, "bot", "look") with { CreateAgentOwner = UserEmail.Parse(Alice) })).Errors).Path);
        Assert.Equal("createAgent", Assert.Single((await desk.RefusedAsync(TokenDesk.Order(Alice, null, "look") with { CreateAgentOwner = UserEmail.Parse(Alice) })).Errors).Path);
        Assert.Equal((ChangeErrorKind.Conflict, "exists"), await desk.RefusedAsync(TokenDesk.Order(Alice, null, "look") with { CreateGrant = new NewGrant(new GrantName("g"), null, null) }) switch { var why => (why.Kind, why.Code) });
        Assert.Equal("createGrant.expires", Assert.Single((await desk.RefusedAsync(TokenDesk.Order(Alice, null, "look") with { CreateGrant = new NewGrant(new GrantName("h"), new DateOnly(2027, 1, 14), null) })).Errors).Path);
        Assert.Empty(desk.Store.Committed);
    }

    [Fact]
    public async Task A_token_that_would_be_dead_by_a_revocation_ahead_of_the_clock_is_not_issued()
    {
        desk.Grant("g", """{"users":["*"]}""", "\"tools\":[\"look\"]");
        desk.Epochs.Raise(new Epoch(OrganisationId.Default, RevocationLevel.User, Alice, desk.Clock.Microseconds() + 1_000));
        Assert.Equal("revoked_later", (await desk.RefusedAsync(TokenDesk.Order(Alice, null, "look"))).Code);
    }

    [Fact]
    public async Task While_the_store_is_broken_nothing_is_issued()
    {
        desk.Grant("g", """{"users":["*"]}""", "\"tools\":[\"look\"]");
        desk.Store.IsBroken = true;
        Assert.Equal(ChangeErrorKind.NotDurable, (await desk.RefusedAsync(TokenDesk.Order(Alice, null, "look"))).Kind);
    }
}
