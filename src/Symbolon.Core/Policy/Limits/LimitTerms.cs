using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Symbolon.Core.Policy.Limits;

/// <summary>What is counted.</summary>
public enum LimitKind
{
    /// <summary>A token bucket: a burst at once, then as many as flow in.</summary>
    Rate,

    /// <summary>Calls in a calendar window, UTC.</summary>
    Quota,

    /// <summary>The sum of an amount in a calendar window, UTC.</summary>
    Total,

    /// <summary>Calls that are open at once.</summary>
    Concurrency,
}

/// <summary>How much a limit allows, as its text says it: <c>60/minute</c>, <c>10000/day</c>; for what is open at once a number alone.</summary>
public sealed record LimitTerms
{
    /// <summary>Of calls, of open ones, of a burst, and of the whole units of a total.</summary>
    public const long Most = 1_000_000_000;

    /// <summary>Amounts of a <see cref="LimitKind.Total"/> are counted in millionths, so that decimals are exact.</summary>
    public const long PerUnit = 1_000_000;

    private LimitTerms() { }

    public LimitKind Kind { get; private init; }

    /// <summary>How many, 1 to <see cref="Most"/>; of a total in whole units.</summary>
    public long Count { get; private init; }

    /// <summary>Unused for what is open at once.</summary>
    public LimitPeriod Period { get; private init; }

    /// <summary>Of a rate: how many at once after a pause, 1 to <see cref="Most"/>; else the same as <see cref="Count"/>.</summary>
    public long Burst { get; private init; }

    /// <summary>The most that is taken at once, in what <see cref="LimitUse.Amount"/> counts.</summary>
    public long Capacity => Kind == LimitKind.Total ? Count * PerUnit : Burst;

    /// <param name="text">Of a rate or a window a number and a period with a slash between; of what is open at once a number.</param>
    /// <param name="burst">Of a rate; null for as many as the rate says.</param>
    /// <param name="error">What is wrong with it, naming the field as files do.</param>
    public static bool TryParse(LimitKind kind, string? text, long? burst, [NotNullWhen(true)] out LimitTerms? terms, [NotNullWhen(false)] out string? error)
    {
        (terms, error) = (null, null);
        var field = FieldOf(kind);
        var slash = text?.IndexOf('/') ?? -1;
        var period = default(LimitPeriod);
        if (kind == LimitKind.Concurrency ? slash >= 0 : slash < 0 || !LimitPeriods.TryParse(kind, text.AsSpan(slash + 1), out period))
            error = kind == LimitKind.Concurrency ? $"{field} must be {Number}" : $"{field} must be {Number}, a slash and one of {LimitPeriods.ListOf(kind)}, such as {(kind == LimitKind.Rate ? "60/minute" : "1000/day")}";
        else if (!TryCount(text.AsSpan(0, slash < 0 ? text?.Length ?? 0 : slash), out var count))
            error = kind == LimitKind.Concurrency ? $"{field} must be {Number}" : $"{field} must begin with {Number}";
        else if (burst is not null && kind != LimitKind.Rate) error = "burst is only for a rate";
        else if (burst is < 1 or > Most) error = $"burst must be {Number}";
        else terms = new LimitTerms { Kind = kind, Count = count, Period = period, Burst = burst ?? count };
        return error is null;
    }

    /// <summary>The text that <see cref="TryParse"/> reads; the burst stands in a field of its own.</summary>
    public string ToText() => Kind == LimitKind.Concurrency
        ? Count.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Count}/{LimitPeriods.NameOf(Period)}");

    /// <summary>All of it in one line, which tells any two terms apart.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{FieldOf(Kind)} {ToText()}{(Burst == Count ? "" : $" burst {Burst}")}");

    private const string Number = "a whole number from 1 to 1000000000";

    private static string FieldOf(LimitKind kind) => kind switch
    {
        LimitKind.Rate => "rate",
        LimitKind.Quota => "quota",
        LimitKind.Total => "total",
        _ => "concurrency",
    };

    /// <summary>Digits alone, without a zero before them, so that each number has one text.</summary>
    private static bool TryCount(ReadOnlySpan<char> text, out long count)
    {
        count = 0;
        return text is { Length: >= 1 and <= 10 } && text[0] != '0'
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is >= 1 and <= Most;
    }
}
