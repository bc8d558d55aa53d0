namespace Symbolon.Client.Verification;

/// <summary>What a token must say to be taken.</summary>
public sealed record AccessTokenVerifierOptions
{
    /// <summary>The issuer: the address of Symbolon, https or http on loopback.</summary>
    public required Uri Issuer { get; init; }

    /// <summary>The one audience, as it is written in <c>credential.audience</c> or <c>upstream.url</c>; compared byte for byte.</summary>
    public required string Audience { get; init; }

    /// <summary>
    /// At a server's own endpoint the server's name in Symbolon: then only call tokens of the gateway are taken, which this server may exchange. Null at an API.
    /// </summary>
    public string? Server { get; init; }

    /// <summary>Whether every proof needs a nonce of ours (RFC 9449 §9). Default false: it is asked for where a proof could be from before this process began.</summary>
    public bool AlwaysNonce { get; init; }

    /// <summary>
    /// Proofs that are remembered of 70 seconds, about 100 bytes each. 1,000 to 10,000,000, default 400,000. One key may take half of it, of several each as much as is still free for the others; past that its
    /// requests are answered with 503.
    /// </summary>
    public int ProofsRemembered { get; init; } = 400_000;

    /// <exception cref="ArgumentException">It is out of range.</exception>
    internal int RoomForProofs => ProofsRemembered is >= 1_000 and <= 10_000_000 ? ProofsRemembered : throw new ArgumentException($"{nameof(ProofsRemembered)} must be 1,000 to 10,000,000.");
}
