using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Symbolon.Admin.Api;

/// <summary>One page of a list: <c>?after=</c> the last one seen, <c>?limit=</c> 1 to 1000 (default 100), and <c>Link</c> to the next.</summary>
internal sealed record Page(string? After, int Limit)
{
    public const int DefaultLimit = 100;
    public const int MostItems = 1_000;

    public static readonly string[] Parameters = ["after", "limit"];

    /// <summary>Any parameter that the route's <see cref="QueryNames"/> do not have is refused, and so is one given twice.</summary>
    /// <returns>The page, or the answer that refuses the query.</returns>
    public static (Page? Page, IResult? Refusal) Read(HttpContext context)
    {
        var query = context.Request.Query;
        var known = context.GetEndpoint()?.Metadata.GetMetadata<QueryNames>()?.Names ?? Parameters;
        foreach (var (name, values) in query)
        {
            if (!known.Contains(name, StringComparer.Ordinal))
                return (null, Answers.Malformed($"There is no query parameter {Core.Registry.Files.TextRules.Shown(name)}. Parameters: {string.Join(", ", known)}."));
            if (values.Count > 1 || values[0] is not { Length: > 0 and <= 1024 } value || value.Contains('\0'))
                return (null, Answers.Malformed($"The query parameter {name} must be given once, with 1 to 1024 characters."));
        }
        var limit = DefaultLimit;
        if (query["limit"] is [{ } text] && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostItems))
            return (null, Answers.Malformed($"limit must be 1 to {MostItems}."));
        return (new Page(query["after"] is [{ } after] ? after : null, limit), null);
    }

    /// <summary>Sorts by name, takes this page, and says where the next one is.</summary>
    public IReadOnlyList<T> Take<T>(HttpContext context, IEnumerable<T> items, Func<T, string> nameOf)
    {
        var page = items
            .Where(item => After is null || string.CompareOrdinal(nameOf(item), After) > 0)
            .OrderBy(nameOf, StringComparer.Ordinal)
            .Take(Limit + 1).ToList();
        if (page.Count > Limit)
        {
            page.RemoveAt(Limit);
            LinkTo(context, "next", nameOf(page[^1]));
        }
        return page;
    }

    /// <summary>Adds a <c>Link</c> (RFC 8288) relative to this address, so that nothing is built from the Host header.</summary>
    public static void LinkTo(HttpContext context, string relation, string after, params (string Name, string Value)[] changed)
    {
        var query = context.Request.Query
            .Where(pair => pair.Key != "after" && changed.All(change => change.Name != pair.Key))
            .Select(pair => KeyValuePair.Create(pair.Key, pair.Value[0]))
            .Append(KeyValuePair.Create("after", (string?)after))
            .Concat(changed.Select(change => KeyValuePair.Create(change.Name, (string?)change.Value)));
        var path = context.Request.PathBase.Add(context.Request.Path).ToUriComponent();
        context.Response.Headers.Append("Link", $"<{QueryHelpers.AddQueryString(path, query)}>; rel=\"{relation}\"");
    }
}
