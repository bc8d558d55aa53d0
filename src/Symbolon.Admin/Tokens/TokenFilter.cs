using System.Globalization;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Tokens;

/// <summary>Which tokens a list has, and in which order; null is any.</summary>
public sealed record TokenFilter
{
    public const string Live = "live";
    public const string Expired = "expired";
    public const string Revoked = "revoked";
    public static readonly IReadOnlyList<string> States = [Live, Expired, Revoked];

    private const int MostServers = 100;

    private static readonly Dictionary<string, HolderKind> KindsByName = new(StringComparer.Ordinal)
    {
        ["user"] = HolderKind.User, ["agent"] = HolderKind.Agent, ["workflow"] = HolderKind.Workflow,
    };

    private static readonly Dictionary<string, TokenSort> OrdersByName = new(StringComparer.Ordinal)
    {
        ["id"] = TokenSort.Id, ["expires"] = TokenSort.Expires, ["issued"] = TokenSort.Issued, ["lastUsed"] = TokenSort.LastUsed,
    };

    public static IReadOnlyCollection<string> Kinds => KindsByName.Keys;

    public static IReadOnlyCollection<string> Orders => OrdersByName.Keys;

    /// <summary>E-mail address.</summary>
    public string? User { get; init; }
    public string? Agent { get; init; }
    public string? Workflow { get; init; }
    public string? Server { get; init; }

    /// <summary>One of <see cref="Kinds"/>: who starts what the token does, the workflow, else the agent, else the person.</summary>
    public string? Kind { get; init; }

    /// <summary>Found anywhere in the name of a person, agent, workflow or server of it, without case, or its whole id.</summary>
    public string? Text { get; init; }

    /// <summary>One of <see cref="States"/>.</summary>
    public string? State { get; init; }

    /// <summary>Microseconds.</summary>
    public long? ExpiresBefore { get; init; }

    /// <summary>One of <see cref="Orders"/>: first by what ends first, was issued first, or was used longest ago or never.</summary>
    public string Order { get; init; } = "id";

    /// <summary>The other way round.</summary>
    public bool Reverse { get; init; }

    internal TokenSort Sort => OrdersByName[Order];

    /// <param name="now">Microseconds.</param>
    internal TokenQuery ToQuery(Configuration configuration, OrganisationId organisation, long now)
    {
        var text = Text is null || TokenId.IsValid(Text) ? Text : Text.ToLower(CultureInfo.InvariantCulture);
        return new TokenQuery
        {
            User = User?.ToLowerInvariant(),
            Agent = Agent,
            Workflow = Workflow,
            Server = Server,
            Initiator = Kind is null ? null : KindsByName[Kind],
            Text = text,
            TextServers = text is null ? [] : [.. configuration.Servers(organisation).Select(server => server.Name.Value)
                .Where(name => name.Contains(text, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Take(MostServers)],
            LiveAt = State == Live ? now : null,
            ExpiredAt = State == Expired ? now : null,
            Revoked = State == Revoked,
            ExpiresBefore = ExpiresBefore,
            Sort = Sort,
            Descending = Reverse,
        };
    }

    /// <summary>Where the page behind this token begins.</summary>
    internal string CursorOf(TokenRecord last) =>
        Sort == TokenSort.Id ? last.Id.Value : string.Create(CultureInfo.InvariantCulture, $"{TokenMark.Of(last, Sort).Key}.{last.Id}");

    /// <returns>False for what is no cursor of a list in this order.</returns>
    internal bool TryMark(string cursor, out TokenMark mark)
    {
        var parts = cursor.Split('.');
        var key = 0L;
        var isMark = Sort == TokenSort.Id ? parts.Length == 1 : parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out key);
        mark = new TokenMark(new TokenId(parts[^1]), key);
        return isMark && TokenId.IsValid(parts[^1]);
    }
}
