using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Forms;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Tokens;

namespace Symbolon.Admin.Console.TokenPages;

/// <summary>What somebody has typed and ticked so far, in the address of the first step and in the form of the second. Nothing of it is lost when something is wrong.</summary>
public sealed record IssueForm
{
    public const string Person = "person";
    public const string ForAgent = "agent";
    public const string ForWorkflow = "workflow";

    /// <summary>Characters of an address that leads here: well below the 8 KiB that the server reads of a request's line.</summary>
    private const int LongestAddress = 6000;

    /// <summary><see cref="Person"/>, <see cref="ForAgent"/> or <see cref="ForWorkflow"/>: which fields count.</summary>
    public required string Kind { get; init; }
    public string? User { get; init; }
    public string? Agent { get; init; }
    public string? Workflow { get; init; }

    /// <summary>Who answers for an agent or workflow that is created in the same step.</summary>
    public string? Owner { get; init; }

    /// <summary>Names of the servers to choose from, apart by spaces or commas; null: the first ones.</summary>
    public string? Servers { get; init; }

    /// <summary>Start with the classes of reading tools that the holder's grants allow.</summary>
    public bool StartsReadOnly { get; init; }

    /// <summary>Ticked classes as <c>server:effect</c>.</summary>
    public ImmutableHashSet<string> Effects { get; init; } = [];

    /// <summary>Ticked tools as <c>server:tool</c>, and <see cref="ServerChoice.Prompts"/> and <see cref="ServerChoice.Resources"/> as if they were some.</summary>
    public ImmutableHashSet<string> Tools { get; init; } = [];

    /// <summary>Empty: the default; <c>other</c>: as in <see cref="OtherTtl"/>.</summary>
    public string Ttl { get; init; } = "";
    public string? OtherTtl { get; init; }
    public string? Note { get; init; }

    /// <summary>Name of the grant to create in the same step.</summary>
    public string? Grant { get; init; }
    public string? GrantExpires { get; init; }

    /// <summary>Which order the summary was shown for.</summary>
    public string? Reviewed { get; init; }

    /// <summary>See <see cref="OneTimeForms"/>.</summary>
    public required string Once { get; init; }

    public bool NamesNobody => User is null && Agent is null && Workflow is null;

    /// <summary>What lasts longer than the token is never an address's to say.</summary>
    internal static IssueForm Read(IQueryCollection query) => Read(name => query[name]) with { Once = OneTimeForms.NewId(), Grant = null, GrantExpires = null };

    internal static IssueForm Read(IFormCollection form) => Read(name => form[name]);

    /// <summary>The address of the first step with what was said there.</summary>
    internal string WhoAddress => Addresses.Of(
        "/tokens/issue", ("kind", Kind), ("user", User), ("agent", Agent), ("workflow", Workflow), ("owner", Owner), ("servers", Servers), ("step", "who"));

    /// <summary>The address of a form that asks for the same again; of very much, or of all that is granted, only for whom.</summary>
    /// <returns>The address, and whether it asks for the same.</returns>
    internal static (string Address, bool IsAlike) AddressLike(TokenResponse token)
    {
        List<(string, string?)> query =
        [
            ("kind", token.Workflow is not null ? ForWorkflow : token.Agent is not null ? ForAgent : Person), ("user", token.User), ("agent", token.Agent), ("workflow", token.Workflow),
        ];
        var whole = Addresses.Of("/tokens/issue",
        [
            .. query, ("servers", string.Join(' ', token.Servers.Select(server => server.Name))), ("note", token.Note),
            .. token.Servers.SelectMany(server => server.Effects.Select(effect => ("effect", (string?)$"{server.Name}:{effect}")).Concat(server.Tools.Concat(FeaturesOf(server)).Select(tool => ("tool", (string?)$"{server.Name}:{tool}")))),
        ]);
        return whole.Length <= LongestAddress && !token.Servers.Any(server => server.All) ? (whole, true) : (Addresses.Of("/tokens/issue", [.. query]), false);
    }

    /// <param name="createsAgent">There is none of that name yet.</param>
    /// <param name="createsWorkflow">The same.</param>
    internal IssueTokenRequest ToRequest(bool createsAgent, bool createsWorkflow) => new()
    {
        User = User,
        Agent = Agent,
        Workflow = Workflow,
        Servers = [.. Effects.Select(Split).Concat(Tools.Select(Split)).Select(pair => pair.Server).Distinct().Order(StringComparer.Ordinal).Select(AccessOf)],
        Ttl = Ttl == "other" ? OtherTtl ?? "" : Ttl.Length > 0 ? Ttl : null,
        Note = Note,
        CreateGrant = Grant is { } grant ? new CreateGrantRequest { Name = grant, Expires = GrantExpires } : null,
        CreateAgent = createsAgent && Agent is not null && Owner is not null ? new CreateAgentRequest { Owner = Owner } : null,
        CreateWorkflow = createsWorkflow && Workflow is not null && Owner is not null ? new CreateWorkflowRequest { Owner = Owner } : null,
    };

    private ServerAccessRequest AccessOf(string server)
    {
        var named = Of(Tools, server);
        return new ServerAccessRequest
        {
            Name = server,
            Effects = Of(Effects, server),
            Tools = [.. named.Where(name => name is not (ServerChoice.Prompts or ServerChoice.Resources))],
            AllPrompts = named.Contains(ServerChoice.Prompts),
            AllResources = named.Contains(ServerChoice.Resources),
        };
    }

    private static IEnumerable<string> FeaturesOf(ServerAccessResponse server)
    {
        if (server.AllPrompts) yield return ServerChoice.Prompts;
        if (server.AllResources) yield return ServerChoice.Resources;
    }

    private static string[] Of(ImmutableHashSet<string> ticked, string server) =>
        [.. ticked.Select(Split).Where(pair => pair.Server == server).Select(pair => pair.Name).Order(StringComparer.Ordinal)];

    private static (string Server, string Name) Split(string ticked) =>
        ticked.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0 ? (ticked[..colon], ticked[(colon + 1)..]) : (ticked, "");

    private static IssueForm Read(Func<string, StringValues> values)
    {
        var kind = Text("kind") is ForAgent or ForWorkflow ? Text("kind")! : Text("kind") is null && Text("user") is null ? ForAgent : Person;
        return new IssueForm
        {
            Kind = kind,
            User = Text("user"),
            Agent = kind == Person ? null : Text("agent"),
            Workflow = kind == ForWorkflow ? Text("workflow") : null,
            Owner = kind == Person ? null : Text("owner"),
            Servers = Text("servers"),
            StartsReadOnly = Text("preset") != "custom",
            Effects = [.. values("effect").OfType<string>()],
            Tools = [.. values("tool").OfType<string>()],
            Ttl = Text("ttl") ?? "",
            OtherTtl = Text("other"),
            Note = Text("note"),
            Grant = Text("grant"),
            GrantExpires = Text("expires"),
            // The other button looks again and issues nothing.
            Reviewed = Text("look") is null ? Text("reviewed") : null,
            Once = Text("once") ?? "",
        };

        string? Text(string name) => values(name).ToString().Trim() is { Length: > 0 } text && !text.Contains('\0') ? text : null;
    }
}
