using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Outbound;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;
using Symbolon.Core.Snapshot;
using Symbolon.Core.Tools;

namespace Symbolon.ConformanceTests.Storage;

/// <summary>Objects as the store tests write them.</summary>
internal static class Samples
{
    public const long Now = 1_795_000_000_000_000;

    public static AgentObject Agent(string name, string owner = "platform@example.com") => new() { Name = new(name), Owner = owner };

    public static Change.PutObject Put(AgentObject agent, long expected = 0) => new(new ObjectKey(ObjectKind.Agent, agent.Name.Value), expected, agent);

    public static ServerObject Server(string name, JsonElement? schema = null) => new()
    {
        Name = new(name),
        State = Lifecycle.Active,
        LastChange = new StateChange { By = "admin", At = Now, Reason = "first" },
        Approved = new ManifestVersion
        {
            Number = 1, AppliedBy = "admin", AppliedAt = Now, ApprovedBy = "admin", ApprovedAt = Now, SelfApproved = true, Place = HostPlace.Outside,
            Manifest = new ServerManifest
            {
                Owner = "platform@example.com",
                Labels = ImmutableSortedDictionary<string, string>.Empty.Add("env", "prod"),
                Upstream = new UpstreamAddress.Http { Url = new Uri("http://127.0.0.1:7001/mcp"), Era = UpstreamEra.Modern },
                Credential = new UpstreamCredential.Static { Header = "Authorization", Secret = "deploy-api", Expires = new DateOnly(2027, 1, 31) },
                IdentityHeader = "Symbolon-Identity",
                ConcealTools = true,
                Binding = new BindingRule { Binding = TokenBinding.Dpop, Effects = [Effect.Irreversible] },
                Content = RecordedContent.Arguments,
                Tools =
                [
                    new ManifestTool
                    {
                        Name = new("rollout_status"), Title = "Rollout", InputSchema = schema, Effect = Effect.Read,
                        Flags = ToolFlags.Sensitive | ToolFlags.OpenWorld, Digests = new ToolDigests { Legacy = "sha256:00" },
                        Arguments = new ToolConstraints(System.Text.Json.JsonDocument.Parse("""{"properties":{"namespace":{"const": "a"},"n":{"maximum":1.10}}}""").RootElement), RecordedArguments = ["namespace"], Needs = [new(["read"], ResourcePattern.Parse("cluster:prod/namespace:{namespace}/*", out _)!)],
                    },
                ],
            },
        },
    };

    public static TokenRecord Token(string id, string user = "alice@example.com", string server = "deploy", long expires = Now + 1000) => new()
    {
        Id = new(id),
        Organisation = OrganisationId.Default,
        Kind = TokenKind.User,
        Holder = new Holder { User = UserEmail.Parse(user), Agent = new AgentName("claude-code") },
        Servers = [new ServerAccess { Server = new(server), Tools = [new("rollout_status")], Effects = [Effect.Read] }],
        IssuedAt = Now,
        ExpiresAt = expires,
        IssuedBy = "admin",
        Note = "for the laptop",
    };

    public static TokenHash Secret(string text) => TokenHash.Of(System.Text.Encoding.UTF8.GetBytes(text));

    public static AuditEvent Record(string action = "test", AuditKind kind = AuditKind.AdminChange) =>
        new() { Kind = kind, Time = Now, By = "admin", Action = action };

    public static AuditEvent Call(AuditKind kind, Guid call, string? token = null) => new()
    {
        Kind = kind, Time = Now, Call = call, User = "alice@example.com", Agent = "claude-code", Token = token, Server = "deploy", Tool = "rollout_status",
        Outcome = kind == AuditKind.CallOutcome ? CallOutcome.Completed : null,
    };
}
