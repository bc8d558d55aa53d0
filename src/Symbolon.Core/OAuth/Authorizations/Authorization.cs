using System.Text.Json.Serialization;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;

namespace Symbolon.Core.OAuth.Authorizations;

/// <summary>
/// What a person allowed a client on one server: one consent, and the family of refresh tokens that came of it. Never wider than this; a call is
/// decided against the live grants besides.
/// </summary>
public sealed record Authorization
{
    public required AuthorizationId Id { get; init; }
    public required OrganisationId Organisation { get; init; }

    /// <summary>The person, and the agent or workflow that the client is.</summary>
    public required Holder Holder { get; init; }
    public required ClientId Client { get; init; }

    /// <summary>As the person was shown it.</summary>
    public required string ClientName { get; init; }

    /// <summary>Where the browser was sent: a host, or the scheme of a program of its own.</summary>
    public required string RedirectHost { get; init; }

    /// <summary>The origin of the resource, which is also the issuer.</summary>
    public required string Origin { get; init; }

    /// <summary>Tools by name, so that none is in it that came later; prompts and resources as far as they are granted.</summary>
    public required ServerAccess Access { get; init; }

    /// <summary>The resources behind the server that the tools may be used for; null for no such limit.</summary>
    public ResourceSet? Limits { get; init; }

    /// <summary>Microseconds since the Unix epoch. A revocation of anything in it, at or after this moment, ends all that hangs on it.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>Microseconds since the Unix epoch; nothing that hangs on it lives longer.</summary>
    public required long ExpiresAt { get; init; }

    /// <summary>When tokens were issued last; null before the first. In a column of its own.</summary>
    public long? LastUsedAt { get; init; }

    [JsonIgnore]
    public ProtectedResource Resource => new(Origin, Access.Server);
}
