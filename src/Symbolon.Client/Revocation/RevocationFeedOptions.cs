namespace Symbolon.Client.Revocation;

/// <summary>How an API reads what was revoked.</summary>
public sealed record RevocationFeedOptions
{
    /// <summary>The address of Symbolon: https, or http on loopback.</summary>
    public required Uri Symbolon { get; init; }

    /// <summary>The API as a client: <c>symbolon client create NAME --audience URL --key FILE</c>.</summary>
    public required string ClientId { get; init; }

    /// <summary>The private key of that client; made where there is none.</summary>
    public required string KeyFile { get; init; }
}
