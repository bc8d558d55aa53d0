using System.ComponentModel.DataAnnotations;

namespace Symbolon.AuthorizationServer;

/// <summary>What an operator sets of the authorization server.</summary>
public sealed class AuthorizationServerOptions
{
    /// <summary>How long others may keep the key set. 1 s to 1 d, default 5 min. A new key is published so long before it signs.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "keys.jwksMaxAge must be between 1s and 1d")]
    public TimeSpan JwksMaxAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>After which time another key signs. 1 min to 365 d, default 30 d.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00", ErrorMessage = "keys.rotation must be between 1m and 365d")]
    public TimeSpan KeyRotation { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Life of an access token; a grant's <c>maxTtl</c> may shorten it. 5 min to 4 h, default 1 h.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "04:00:00", ErrorMessage = "tokens.accessTtl must be between 5m and 4h")]
    public TimeSpan AccessTokenTtl { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Every proof of DPoP at the authorization server needs a nonce of ours, not only one whose clock is off. Default false.</summary>
    public bool ProofsNeedNonce { get; set; }

    /// <summary>After which time without use a refresh token is dead. 1 h to 30 d, default 7 d.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "30.00:00:00", ErrorMessage = "tokens.refreshIdle must be between 1h and 30d")]
    public TimeSpan RefreshIdle { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Longest life of what a person consents to, its refresh tokens included. 1 h to 90 d, default 30 d.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "90.00:00:00", ErrorMessage = "tokens.refreshTtl must be between 1h and 90d")]
    public TimeSpan RefreshTtl { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Whether a client may be the address of its own metadata document. Default true.</summary>
    public bool MetadataDocuments { get; set; } = true;

    /// <summary>Hosts whose metadata documents are taken; empty for any.</summary>
    public IReadOnlyList<string> MetadataHosts { get; set; } = [];

    /// <summary>Whether clients may register themselves (RFC 7591). Default false.</summary>
    public bool DynamicRegistration { get; set; }

    /// <summary>Until every node has seen a change, or refuses. Set by the host: its <c>maxStaleness</c>.</summary>
    public TimeSpan Propagation { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>From the publication of a key until it signs: one life of a cached key set, once every node publishes it.</summary>
    public TimeSpan Lead => JwksMaxAge + Propagation;
}
