using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Tokens;

namespace Symbolon.Admin.Console.TokenPages;

/// <summary>What the address of the list asks for. A value that means nothing is as if it were not there: a page is no API.</summary>
public sealed record TokensAddress
{
    public const int AtOnce = 25;
    private const string All = "all";
    private const int MostText = 254;
    private const string FirstOrder = "expires";

    /// <summary>Within how long a token ends, and how many hours that is.</summary>
    public static readonly IReadOnlyList<(string Name, string Said, int Hours)> Spans = [("24h", "24 hours", 24), ("7d", "7 days", 7 * 24), ("30d", "30 days", 30 * 24)];

    public string? Text { get; init; }

    /// <summary>One of <see cref="TokenFilter.Kinds"/>.</summary>
    public string? Kind { get; init; }

    /// <summary>One of <see cref="TokenFilter.States"/>, live if none is asked for, or null for all.</summary>
    public string? State { get; init; } = TokenFilter.Live;

    /// <summary>One of <see cref="Spans"/>.</summary>
    public string? Within { get; init; }

    /// <summary>One of <see cref="TokenFilter.Orders"/>.</summary>
    public string Order { get; init; } = FirstOrder;
    public bool Reverse { get; init; }

    /// <summary>Cursor of the page before.</summary>
    public string? After { get; init; }

    /// <summary>Every live token is shown, in whatever order.</summary>
    public bool IsPlain => this with { Order = FirstOrder, Reverse = false, After = null } == new TokensAddress();

    internal static TokensAddress Read(IQueryCollection query) => new()
    {
        Text = query["q"].ToString().Trim() is { Length: > 0 and <= MostText } text && !text.Contains('\0') ? text : null,
        Kind = Known(query, "kind", TokenFilter.Kinds),
        State = query["state"] == All ? null : Known(query, "state", TokenFilter.States) ?? TokenFilter.Live,
        Within = Known(query, "within", Spans.Select(span => span.Name)),
        Order = Known(query, "order", TokenFilter.Orders) ?? FirstOrder,
        Reverse = query["reverse"] == "true",
        After = query["after"] is [{ Length: > 0 and < 100 } after] ? after : null,
    };

    /// <param name="now">Microseconds.</param>
    internal TokenFilter ToFilter(long now) => new()
    {
        Text = Text,
        Kind = Kind,
        State = State,
        ExpiresBefore = Spans.FirstOrDefault(span => span.Name == Within) is { Name: not null } within ? now + within.Hours * 3600L * 1_000_000 : null,
        Order = Order,
        Reverse = Reverse,
    };

    /// <summary>The address of this list.</summary>
    internal string Path => Addresses.Of("/tokens", ("q", Text), ("kind", Kind), ("state", State is TokenFilter.Live ? null : State ?? All), ("within", Within),
        ("order", Order == FirstOrder ? null : Order), ("reverse", Reverse ? "true" : null), ("after", After));

    /// <summary>The address of the same list by another order; by the same one, the other way round.</summary>
    internal string Sorted(string order) => (this with { Order = order, Reverse = order == Order && !Reverse, After = null }).Path;

    private static string? Known(IQueryCollection query, string name, IEnumerable<string> values) => values.FirstOrDefault(value => query[name] == value);
}
