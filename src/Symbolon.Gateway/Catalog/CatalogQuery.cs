using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Symbolon.Gateway.Catalog;

/// <summary>What a list is asked for: <c>?cursor=&amp;limit=&amp;search=&amp;updated_since=&amp;version=</c>. Parameters that nobody knows are ignored, as the registry does.</summary>
internal sealed record CatalogQuery
{
    private const int UsualLimit = 30;
    private const int MostItems = 100;
    private const int LongestText = 200;

    /// <summary>The name behind which the page begins; null for the first page.</summary>
    public string? Cursor { get; private init; }
    public int Limit { get; private init; } = UsualLimit;

    /// <summary>A part of the name, without case.</summary>
    public string? Search { get; private init; }
    public DateTimeOffset? UpdatedSince { get; private init; }

    /// <summary><c>latest</c>, or a version; null for any.</summary>
    public string? Version { get; private init; }

    /// <param name="fault">What is wrong, for the caller.</param>
    public static CatalogQuery? Read(IQueryCollection query, out string? fault)
    {
        fault = null;
        foreach (var name in new[] { "cursor", "limit", "search", "updated_since", "version", "include_deleted" })
            if (query[name] is not ([] or [{ Length: > 0 and <= LongestText }])) fault ??= $"{name} must be given once, with 1 to {LongestText} characters";
        var limit = UsualLimit;
        if (query["limit"] is [{ } number] && (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostItems)) fault ??= $"limit must be 1 to {MostItems}";
        DateTimeOffset since = default;
        if (query["updated_since"] is [{ } time] && !DateTimeOffset.TryParseExact(time, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out since))
            fault ??= "updated_since must be a time as RFC 3339 writes it";
        if (query["include_deleted"] is [not ("true" or "false")]) fault ??= "include_deleted must be true or false";
        return fault is not null ? null : new CatalogQuery
        {
            Cursor = query["cursor"] is [{ } cursor] ? cursor : null,
            Limit = limit,
            Search = query["search"] is [{ } search] ? search : null,
            UpdatedSince = query["updated_since"].Count == 1 ? since : null,
            Version = query["version"] is [{ } version] ? version : null,
        };
    }
}
