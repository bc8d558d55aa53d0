using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Identities;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.PeoplePages;

/// <summary>What the address of the list asks for. A value that means nothing is as if it were not there.</summary>
public sealed record PeopleFilter
{
    private const int MostText = 254;

    public string? Text { get; init; }

    /// <summary>Null for all three.</summary>
    public HolderKind? Kind { get; init; }

    /// <summary>The last one of the page before, e.g. <c>agent/release-bot</c>.</summary>
    public (HolderKind Kind, string Name)? After { get; init; }

    internal static PeopleFilter Read(string? text, string? kind, string? after) => new()
    {
        Text = text?.Trim() is { Length: > 0 and <= MostText } given && !given.Contains('\0') ? given : null,
        Kind = PersonRow.KindOf(kind),
        After = after?.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && PersonRow.KindOf(after[..slash]) is { } last && !after.Contains('\0') ? (last, after[(slash + 1)..]) : null,
    };

    internal string With(HolderKind? kind, string? after = null) =>
        Addresses.Of("/people", ("q", Text), ("kind", kind is { } one ? PersonRow.WordOf(one) : null), ("after", after));
}

/// <summary>A person, an agent or a workflow in the list.</summary>
public sealed record PersonRow(HolderKind Kind, string Name, string? Owner, string? State, long? LiveTokens, DateTimeOffset? LastSeenAt, EffectCountsResponse Reach)
{
    public string Cursor => $"{WordOf(Kind)}/{Name}";

    public string Path => PathOf(Kind, Name);

    /// <summary>A slash of an address stays escaped in a route's value, so that slashes and percent signs are escaped twice; <see cref="NameOf"/> takes the second away.</summary>
    public static string PathOf(HolderKind kind, string name) =>
        $"/people/{WordOf(kind)}s/{Uri.EscapeDataString(name.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal))}";

    /// <summary>Whom the value of a route names.</summary>
    public static string NameOf(string routeValue) => Uri.UnescapeDataString(routeValue);

    public static string WordOf(HolderKind kind) => kind switch { HolderKind.User => "user", HolderKind.Agent => "agent", _ => "workflow" };

    public static HolderKind? KindOf(string? word) => word switch { "user" => HolderKind.User, "agent" => HolderKind.Agent, "workflow" => HolderKind.Workflow, _ => null };

    internal static PersonRow Of(UserResponse person) => new(HolderKind.User, person.Email, null, person.Account?.State, person.LiveTokens, person.LastSeenAt, person.Reach);

    internal static PersonRow Of(HolderKind kind, IdentityResponse identity) => new(kind, identity.Name, identity.Owner, identity.State, identity.LiveTokens, identity.LastSeenAt, identity.Reach);
}

/// <param name="Next">Address of the page behind this one; null where there is none.</param>
public sealed record PersonRows(IReadOnlyList<PersonRow> Rows, string? Next);

/// <summary>Reads what one page of the list shows and no more: agents, then people, then workflows.</summary>
internal sealed class PeopleListing(IdentityReads identities)
{
    private const int AtOnce = 50;
    private static readonly HolderKind[] Order = [HolderKind.Agent, HolderKind.User, HolderKind.Workflow];

    public async Task<PersonRows> ReadAsync(OrganisationId organisation, PeopleFilter filter, CancellationToken cancellation)
    {
        var rows = new List<PersonRow>();
        foreach (var kind in Order)
        {
            if (rows.Count > AtOnce || (filter.Kind is { } only && only != kind)) continue;
            if (filter.After is { } after && Array.IndexOf(Order, kind) < Array.IndexOf(Order, after.Kind)) continue;
            var last = filter.After is { } passed && passed.Kind == kind ? passed.Name : null;
            rows.AddRange(await KindAsync(organisation, kind, filter.Text, last, AtOnce - rows.Count, cancellation));
        }
        return rows.Count <= AtOnce ? new PersonRows(rows, null) : new PersonRows(rows[..AtOnce], filter.With(filter.Kind, rows[AtOnce - 1].Cursor));
    }

    private async Task<IEnumerable<PersonRow>> KindAsync(OrganisationId organisation, HolderKind kind, string? text, string? after, int limit, CancellationToken cancellation) =>
        kind == HolderKind.User
            ? (await identities.PeopleAsync(organisation, text, after, limit, cancellation)).Select(PersonRow.Of)
            : (await identities.ListAsync(organisation, kind == HolderKind.Agent ? ObjectKind.Agent : ObjectKind.Workflow, text, after, limit, cancellation)).Select(identity => PersonRow.Of(kind, identity));
}
