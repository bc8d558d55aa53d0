using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Resources;
using Symbolon.Jose;

namespace Symbolon.AuthorizationServer.Issuing;

/// <summary>What a token that a client asked for shall be; everything in it is decided.</summary>
/// <param name="Seconds">Its life.</param>
internal abstract record IssueOrder(OrganisationId Organisation, string Issuer, long Seconds)
{
    /// <summary>Thumbprint of the key that it is bound to; null for a bearer token. Set by the endpoint, so that no grant can forget it.</summary>
    public Sha256Value? Key { get; init; }

    /// <summary>All that a call may need behind the server, or that the API is to allow; null for no such limit.</summary>
    public ResourceSet? Limits { get; init; }

    /// <summary>RFC 6749 §7.1, RFC 9449 §5.</summary>
    public string TokenType => Key is null ? "Bearer" : "DPoP";

    public abstract string Scope { get; }

    /// <summary>The kind of token by the words of RFC 8693 §3; null where nothing was exchanged.</summary>
    public virtual string? IssuedType => null;

    /// <summary>Who and what it is for, as its record says it.</summary>
    public abstract void Describe(AuditEvent record);
}

/// <summary>A token that is made; it counts once its record is durable.</summary>
/// <param name="Seconds">Its life, which may be shorter than was ordered.</param>
internal sealed record IssuedToken(string Text, TokenId Id, IssueOrder Order, long Seconds);
