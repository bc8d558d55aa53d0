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
}
