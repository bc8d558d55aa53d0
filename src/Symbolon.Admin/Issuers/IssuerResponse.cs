using Symbolon.Admin.Api;

namespace Symbolon.Admin.Issuers;

/// <summary>A foreign issuer that is trusted for some of its subjects: a Kubernetes cluster, a CI, a SPIFFE trust domain.</summary>
public sealed record IssuerResponse
{
    public required string Name { get; init; }

    /// <summary><c>active</c> or <c>retired</c>.</summary>
    public required string State { get; init; }

    /// <summary>The <c>iss</c> of its tokens; absent for a trust domain whose tokens have none.</summary>
    public string? Issuer { get; init; }

    /// <summary>The SPIFFE trust domain of its subjects; absent for any other issuer.</summary>
    public string? TrustDomain { get; init; }

    /// <summary>The one audience that its tokens must have.</summary>
    public required string Audience { get; init; }

    /// <summary>Whom it is trusted for; <c>*</c> stands for any run of characters.</summary>
    public required IReadOnlyList<string> Subjects { get; init; }

    /// <summary>From the issue of a token to its end at most, e.g. <c>1h</c>.</summary>
    public required string MaxTtl { get; init; }

    /// <summary>Where its keys are fetched; absent where they are given, or where its own metadata says it.</summary>
    public string? JwksUri { get; init; }

    /// <summary>Thumbprints of the keys that are given (RFC 7638); absent where they are fetched.</summary>
    public IReadOnlyList<string>? Keys { get; init; }
    public StateChangeResponse? LastChange { get; init; }

    /// <summary>Version of the object, also its <c>ETag</c>; absent in lists and while the store cannot be asked.</summary>
    public long? Version { get; init; }
}
