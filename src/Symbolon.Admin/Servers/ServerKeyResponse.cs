namespace Symbolon.Admin.Servers;

/// <summary>Asks for a code by which one instance of a server enrols its key.</summary>
public sealed record EnrolmentRequest
{
    /// <summary>The name that the instance must have. That of one that is there: the new key takes the place of its old one. Absent: the instance chooses a new name.</summary>
    public string? Instance { get; init; }

    /// <summary>Why, for the record; at most 1024 characters.</summary>
    public string? Reason { get; init; }
}

/// <param name="Code">Good once; it is in no other answer.</param>
public sealed record EnrolmentResponse(string Server, string? Instance, string Code, DateTimeOffset ExpiresAt);

/// <summary>The key of an instance of a server.</summary>
/// <param name="Thumbprint">RFC 7638.</param>
/// <param name="State"><c>active</c>, <c>overdue</c> (too old to get tokens; it may still name its successor), <c>replaced</c> by a newer key of the instance, <c>expired</c> since its platform has not said again that it is there, or <c>revoked</c>.</param>
/// <param name="EnrolledBy">Who gave the code; issuer and subject of the platform's token; or <c>server:NAME</c> where the instance replaced its own key.</param>
/// <param name="Age">Seconds since it was enrolled.</param>
/// <param name="Until">When it ends unless its platform says again that it is there; absent for one that came with a code.</param>
/// <param name="DueAt">When it gets no more tokens, by its age or an administrator's order; absent for no such time.</param>
/// <param name="Predecessor">Thumbprint of the key that vouched for it; absent where a code or a platform did.</param>
public sealed record ServerKeyResponse(
    string Instance, string Thumbprint, string State, DateTimeOffset EnrolledAt, string EnrolledBy, long Age, DateTimeOffset? ReplacedAt, DateTimeOffset? Until, DateTimeOffset? DueAt = null, string? Predecessor = null);

/// <summary>Orders that instances replace their keys by themselves.</summary>
public sealed record KeyOrderRequest
{
    /// <summary>One instance; absent for all.</summary>
    public string? Instance { get; init; }

    /// <summary>Why, for the record; at most 1024 characters.</summary>
    public string? Reason { get; init; }
}
