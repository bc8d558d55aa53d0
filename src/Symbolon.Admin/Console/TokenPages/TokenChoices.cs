using System.Collections.Immutable;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Core.Tools;

namespace Symbolon.Admin.Console.TokenPages;

/// <summary>A tool to tick.</summary>
/// <param name="ByNameOnly">It is in no class.</param>
/// <param name="IsGranted">A live grant of the holder allows it.</param>
public sealed record ToolChoice(string Name, string Effect, IReadOnlyList<string> Flags, bool ByNameOnly, bool IsGranted);

/// <summary>A server to choose tools of, and its prompts and resources.</summary>
/// <param name="Features"><c>@prompts</c> and <c>@resources</c>, as far as live grants of the holder give some.</param>
public sealed record ServerChoice(string Name, string Owner, IReadOnlyList<ToolChoice> Tools, IReadOnlyList<string> Features)
{
    public const string Prompts = "@prompts";
    public const string Resources = "@resources";

    public bool IsGranted => Features.Count > 0 || Tools.Any(tool => tool.IsGranted);

    public IEnumerable<ToolChoice> Class(string effect) => Tools.Where(tool => tool.Effect == effect && !tool.ByNameOnly);
}

/// <summary>What a holder's token may name: the servers with an approved version, those with a grant of the holder first.</summary>
/// <param name="Servers">At most 50, or those that were asked for by name.</param>
/// <param name="All">How many there are.</param>
public sealed record TokenChoices(IReadOnlyList<ServerChoice> Servers, int All)
{
    private const int MostServers = 50;
    private static readonly char[] Separators = [' ', ',', ';', '\t', '\r', '\n'];

    /// <param name="wanted">Names of servers, apart by spaces or commas; null: the first ones.</param>
    /// <param name="now">Microseconds.</param>
    internal static TokenChoices Of(Configuration configuration, OrganisationId organisation, Holder holder, string? wanted, long now)
    {
        var names = wanted?.ToLowerInvariant().Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);
        var all = configuration.Servers(organisation).Where(server => server is { Approved: not null, State: Lifecycle.Active or Lifecycle.Suspended }).ToList();
        var shown = all.Where(server => names is null || names.Contains(server.Name.Value))
            .Select(server => (Server: server, Grants: configuration.GrantsOn(organisation, server.Name).Where(grant => grant.EndsAt > now && grant.To.Match(holder)).ToList()))
            .OrderByDescending(each => each.Grants.Count > 0).ThenBy(each => each.Server.Name.Value, StringComparer.Ordinal)
            .Take(MostServers);
        return new TokenChoices([.. shown.Select(each => ChoiceOf(configuration, each.Server, each.Grants, organisation, holder, now))], all.Count);
    }

    /// <summary>The classes to begin with: reading, as far as grants allow it whole; of servers named by name also without a grant.</summary>
    public ImmutableHashSet<string> ReadOnly(bool isNamed) =>
        [.. Servers.Where(server => server.Class("read").Any() && (isNamed || server.Class("read").All(tool => tool.IsGranted))).Select(server => $"{server.Name}:read")];

    private static ServerChoice ChoiceOf(Configuration configuration, ServerObject server, List<GrantObject> grants, OrganisationId organisation, Holder holder, long now)
    {
        // A token of everything: what of it a call would allow is what the grants do.
        var everything = new TokenRecord
        {
            Id = new TokenId(""), Organisation = organisation, Kind = holder.TokenKind, Holder = holder, IssuedAt = now, ExpiresAt = now, IssuedBy = "",
            Servers = [new ServerAccess { Server = server.Name, Granted = true }],
        };
        var reach = ServerReach.Once(everything, server, grants, configuration.Binding, now);
        return new ServerChoice(server.Name.Value, server.Approved!.Manifest.Owner, [.. server.Approved.Manifest.Tools.OrderBy(tool => tool.Effect).ThenBy(tool => tool.Name.Value, StringComparer.Ordinal)
            .Select(tool => new ToolChoice(tool.Name.Value, tool.Effect.ToText(), [.. tool.Flags.ToTexts()], tool.Flags.MustBeNamed(), reach?[tool.Name.Value].IsAllowed == true))],
            [.. reach?.Prompts.Any() == true ? [ServerChoice.Prompts] : Array.Empty<string>(), .. reach?.Resources.Any() == true ? [ServerChoice.Resources] : Array.Empty<string>()]);
    }
}
