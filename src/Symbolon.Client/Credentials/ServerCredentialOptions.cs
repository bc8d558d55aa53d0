namespace Symbolon.Client.Credentials;

/// <summary>What a server has to know to get its credential. Nothing of it is a secret but the enrolment code, which is good once and for 15 minutes.</summary>
public sealed record ServerCredentialOptions
{
    /// <summary>The address of Symbolon: https, or http on loopback.</summary>
    public required Uri Symbolon { get; init; }

    /// <summary>The instance's key, made where there is none; beside it, in the same name with <c>.enrolled</c> behind it, what Symbolon said at the enrolment.</summary>
    public required string KeyFile { get; init; }

    /// <summary>From <c>symbolon server enroll NAME</c>, for the first start. Ignored once the instance is enrolled, so that a restart needs no other arguments.</summary>
    public string? EnrolmentCode { get; init; }

    /// <summary>
    /// In place of a code: gives the token by which the platform (Kubernetes, a CI, SPIFFE) says who this is, for Symbolon as its audience. Asked at each start, and from then on at
    /// half of the time for which its word counts, an hour or more: read the file anew each time. Needs <see cref="Server"/>, and <c>credential.federation</c> in the server's file.
    /// </summary>
    public Func<CancellationToken, ValueTask<string>>? PlatformToken { get; init; }

    /// <summary>The server's name in Symbolon, beside <see cref="PlatformToken"/>; a code knows it by itself.</summary>
    public string? Server { get; init; }

    /// <summary>The name of this instance in lists: <c>[a-z0-9][a-z0-9._-]{0,62}</c>. Where it is missing, Symbolon gives one.</summary>
    public string? Instance { get; init; }

    /// <summary>At which age the key is replaced by another; at least 10 s. Null, the default, leaves it to what Symbolon says (<c>credential.rotation</c>): then well ahead of that.</summary>
    public TimeSpan? RotateKeyEvery { get; init; }
}
