using System.Collections.Immutable;
using Symbolon.Core.Identity;
using Symbolon.Core.Resources;
using Symbolon.Jose;

namespace Symbolon.Core.OAuth;

/// <summary>What a token behind the gateway is for.</summary>
public enum DownstreamKind
{
    /// <summary>The gateway shows it to a server with a request.</summary>
    Call,

    /// <summary>A server shows it to its API when it acts for itself.</summary>
    Credential,

    /// <summary>A server got it for a call token and shows it to its API, for the caller of that call.</summary>
    Exchanged,
}

/// <summary>
/// A token of ours for something that is none of our own addresses: verified, but not yet asked whether it was revoked. Bound to a key, but for the credential of a server that has none.
/// DESIGN.md section 4, Identities on the way. Times are microseconds since the Unix epoch.
/// </summary>
public sealed record DownstreamToken
{
    /// <summary>Actors beside the subject at most (RFC 8693 §4.1).</summary>
    public const int MostActors = 4;

    public required DownstreamKind Kind { get; init; }
    public required TokenId Id { get; init; }
    public required OrganisationId Organisation { get; init; }
    public required string Issuer { get; init; }

    /// <summary>The server's URL, as its file says, for a call token; else the API.</summary>
    public required string Audience { get; init; }

    /// <summary>The server that a call token is for (its <c>may_act</c>), and that got the others.</summary>
    public required ServerName Server { get; init; }

    /// <summary>On whose behalf; null where the gateway or the server acts for itself.</summary>
    public Holder? Holder { get; init; }

    /// <summary>Servers among the actors, the outermost first.</summary>
    public ImmutableArray<ServerName> Actors { get; init => field = value.IsDefault ? [] : value; } = [];

    public required ClientId Client { get; init; }

    /// <summary>The tool of the call; null where there is none.</summary>
    public ToolName? Tool { get; init; }

    /// <summary>All that it allows at the API; of a call token what the tool needs with the arguments of the call. Null where nobody says.</summary>
    public ResourceSet? Details { get; init; }

    /// <summary>Thumbprint of the key that must be proved with each use (<c>cnf.jkt</c>); null for the credential of a server that has no key, whoever shows it.</summary>
    public required Sha256Value? Key { get; init; }

    /// <summary>The caller's own token, which ends all that came of it.</summary>
    public TokenId? Origin { get; init; }
    public AuthorizationId? Authorization { get; init; }

    /// <summary>The client that <see cref="Origin"/> was issued to, of an exchanged token; null where it is a pasted one.</summary>
    public ClientId? OriginClient { get; init; }

    /// <summary>When the person behind <see cref="Authorization"/> consented, or <see cref="Origin"/> was issued where nobody did: what is revoked of whom it is for is compared with that.</summary>
    public long? AuthorizedAt { get; init; }
    public required long IssuedAt { get; init; }
    public required long ExpiresAt { get; init; }

    /// <summary>The key that signed it.</summary>
    public required string KeyId { get; init; }

    /// <summary>The texts of <c>sub</c> and then of the actors from the outermost to the innermost.</summary>
    public IReadOnlyList<string> Chain
    {
        get
        {
            var holder = Holder is null ? [Kind == DownstreamKind.Call ? ClientId.Gateway.Value : ClientId.Of(Server).Value] : HolderClaims.ChainOf(Holder);
            return [holder[0], .. Actors.Select(actor => ClientId.Of(actor).Value), .. holder.Skip(1)];
        }
    }

    /// <summary>The scope that stands in it: the tool for a call token, else <see cref="Details"/> as scopes; null for none.</summary>
    public string? Scope => Kind == DownstreamKind.Call ? Tool is { } tool ? Scopes.Tool(Server, tool) : null : Details?.ToString();
}
