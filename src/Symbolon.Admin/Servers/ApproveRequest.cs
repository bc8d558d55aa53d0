namespace Symbolon.Admin.Servers;

public sealed record ApproveRequest
{
    /// <summary>The pending version's number, as it was shown: nobody approves what they have not seen.</summary>
    public required int Version { get; init; }

    /// <summary>
    /// The host may be inside this network. Needed where its name leads there now (<c>pending.needsInside</c>); an IP address and
    /// <c>localhost</c> say it themselves.
    /// </summary>
    public bool Inside { get; init; }

    /// <summary>Why, for the record; at most 1024 characters.</summary>
    public string? Reason { get; init; }
}
