namespace Symbolon.Client.Verification;

/// <summary>A request as it arrived, as far as it says who makes it.</summary>
public sealed record IncomingRequest
{
    /// <summary>The method as it was received.</summary>
    public required string Method { get; init; }

    /// <summary>The address that the client called, without query: of a configured origin and the path that was received, never of the header <c>Host</c>.</summary>
    public required string Url { get; init; }

    /// <summary>Each header <c>Authorization</c>.</summary>
    public required IReadOnlyList<string?> Authorization { get; init; }

    /// <summary>Each header <c>DPoP</c>.</summary>
    public required IReadOnlyList<string?> Proofs { get; init; }
}
