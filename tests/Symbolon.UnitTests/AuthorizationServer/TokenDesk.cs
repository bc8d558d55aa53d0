using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.AuthorizationServer.PastedTokens;
using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Core.Tools;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>An issuer with one server, shop: look and find (read), change (write), drop (irreversible), peek (read, sensitive).</summary>
internal sealed class TokenDesk
{
    public static readonly Requester Admin = new(OrganisationId.Default, "admin-token");

    public TokenDesk()
    {
        Configuration = new Configuration(Epochs);
        Store = new InMemoryStore(Configuration);
        Events = new EventClock(Clock);
        Desk = new ChangeDesk(Store, Audit, Clock);
        Issuer = new TokenIssuer(Configuration, Desk, Events, Clock);
        Put(new ObjectKey(ObjectKind.Server, "shop"), new ServerObject { Name = new ServerName("shop"), State = Lifecycle.Active, Approved = Manifest });
        Put(new ObjectKey(ObjectKind.Server, "draft"), new ServerObject { Name = new ServerName("draft"), State = Lifecycle.Pending, Pending = Manifest });
        Put(new ObjectKey(ObjectKind.Agent, "bot"), new AgentObject { Name = new AgentName("bot"), Owner = "ops@example.com" });
        Put(new ObjectKey(ObjectKind.Agent, "asleep"), new AgentObject { Name = new AgentName("asleep"), Owner = "ops@example.com", State = Lifecycle.Suspended });
        Put(new ObjectKey(ObjectKind.Workflow, "ci"), new WorkflowObject { Name = new WorkflowName("ci"), Owner = "ops@example.com" });
    }

    public EpochTable Epochs { get; } = new();
    public Configuration Configuration { get; }
    public InMemoryStore Store { get; }
    public RecordingAudit Audit { get; } = new();
    public FakeClock Clock { get; } = new();
    public EventClock Events { get; }
    public ChangeDesk Desk { get; }
    public TokenIssuer Issuer { get; }

    private static ManifestVersion Manifest => new()
    {
        Number = 1,
        AppliedBy = "x",
        AppliedAt = 1,
        Manifest = new ServerManifest
        {
            Owner = "ops@example.com",
            Upstream = new UpstreamAddress.Http { Url = new Uri("http://127.0.0.1:1/") },
            Tools =
            [
                Tool("look", Effect.Read), Tool("find", Effect.Read), Tool("change", Effect.Write), Tool("drop", Effect.Irreversible),
                Tool("peek", Effect.Read) with { Flags = ToolFlags.Sensitive },
            ],
        },
    };

    /// <summary>A grant as its file says it.</summary>
    public void Grant(string name, string to, string access, string? maxTtl = null, string? expires = null)
    {
        var json = $$$"""
            {"apiVersion":"symbolon/v1","kind":"Grant","metadata":{"name":"{{{name}}}"},"spec":{"to":{{{to}}},"servers":[{"name":"shop",{{{access}}}}],
             "tokens":{{{(maxTtl is null ? "{}" : $$"""{"maxTtl":"{{maxTtl}}"}""")}}}{{{(expires is null ? "" : $",\"expires\":\"{expires}\"")}}} } }
            """;
        using var document = JsonDocument.Parse(json);
        Put(new ObjectKey(ObjectKind.Grant, name), Assert.IsType<Document.Grant>(DocumentReader.Read(document.RootElement).Document).Object);
    }

    public void Put(ObjectKey key, object item)
    {
        var version = Store.FindObjectAsync(OrganisationId.Default, key, CancellationToken.None).GetAwaiter().GetResult()?.Version ?? 0;
        var committed = Store.CommitAsync(OrganisationId.Default, [new Change.PutObject(key, version, item)], [new Core.Audit.AuditEvent()], CancellationToken.None);
        Assert.IsType<CommitResult.Committed>(committed.GetAwaiter().GetResult());
        Store.Committed.Clear();
    }

    public static TokenOrder Order(string? user, string? agent, string access, long? ttl = null, string? workflow = null) => new()
    {
        Holder = new Holder
        {
            User = user is null ? null : UserEmail.Parse(user),
            Agent = agent is null ? null : new AgentName(agent),
            Workflow = workflow is null ? null : new WorkflowName(workflow),
        },
        Servers = Access(access),
        TtlSeconds = ttl,
    };

    /// <summary>e.g. <c>look,@read,@granted</c> on shop.</summary>
    public static ImmutableArray<ServerAccess> Access(string text)
    {
        var parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries);
        return
        [
            new ServerAccess
            {
                Server = new ServerName("shop"),
                Tools = [.. parts.Where(part => part[0] != '@').Select(part => new ToolName(part))],
                Effects = [.. parts.Where(part => part[0] == '@' && part is not ("@granted" or "@prompts" or "@resources")).Select(part => Effects.TryParse(part[1..], out var effect) ? effect : throw new FormatException(part))],
                AllPrompts = parts.Contains("@prompts"),
                AllResources = parts.Contains("@resources"),
                Granted = parts.Contains("@granted"),
            },
        ];
    }

    public async Task<IssuedToken> IssueAsync(TokenOrder order) =>
        Assert.IsType<Result<IssuedToken>.Done>(await Issuer.IssueAsync(Admin, order, CancellationToken.None)).Value;

    public async Task<ChangeError> RefusedAsync(TokenOrder order) =>
        Assert.IsType<Result<IssuedToken>.Refused>(await Issuer.IssueAsync(Admin, order, CancellationToken.None)).Why;

    private static ManifestTool Tool(string name, Effect effect) => new() { Name = new ToolName(name), Effect = effect };
}
