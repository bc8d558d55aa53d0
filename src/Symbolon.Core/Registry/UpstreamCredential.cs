using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Symbolon.Core.Registry;

/// <summary>What the server itself is shown by us. Never anything of the caller's.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "mode")]
[JsonDerivedType(typeof(None), "none")]
[JsonDerivedType(typeof(Static), "static")]
[JsonDerivedType(typeof(Shared), "shared")]
[JsonDerivedType(typeof(Exchange), "exchange")]
[JsonDerivedType(typeof(Foreign), "foreign")]
public abstract record UpstreamCredential
{
    private UpstreamCredential() { }

    /// <summary>Name of the stored secret without which there is none; null where it needs none.</summary>
    [JsonIgnore]
    public string? SecretName => this switch { Stored stored => stored.Secret, Foreign foreign => foreign.Secret, _ => null };

    /// <summary>The last day of that secret, UTC.</summary>
    [JsonIgnore]
    public DateOnly? SecretEnds => this switch { Stored stored => stored.Expires, Foreign foreign => foreign.Expires, _ => null };

    public sealed record None : UpstreamCredential;

    /// <summary>A sealed secret, put into one request header or one variable of the process. Refused past its day (UTC, the end of it).</summary>
    public abstract record Stored : UpstreamCredential
    {
        /// <summary>The request header of an HTTP upstream; null for a process.</summary>
        public string? Header { get; init; }

        /// <summary>The variable of a process, by the rules of <see cref="Files.EnvName"/>; null for an HTTP upstream, and beside <see cref="File"/>.</summary>
        public string? Env { get; init; }

        /// <summary>The variable of a process that names the file in which the secret is, so that it is replaced while the process runs; null where it is in <see cref="Env"/>.</summary>
        public string? File { get; init; }

        /// <summary>Name of the sealed secret. The value is never in a file.</summary>
        public required string Secret { get; init; }

        public DateOnly? Expires { get; init; }
    }

    /// <summary>A stored secret of this server's own.</summary>
    public sealed record Static : Stored;

    /// <summary>A stored secret that serves other servers too, each of which says so: a step of a migration, with its end.</summary>
    public sealed record Shared : Stored;

    /// <summary>
    /// Tokens of our own, short-lived and bound to keys: each call carries one, and with its own key the server gets those for the API behind it. DESIGN.md section 4, Identities on the way.
    /// </summary>
    public sealed record Exchange : UpstreamCredential
    {
        public const long LeastTtl = 300;
        public const long MostTtl = 4 * 3600;
        public const long UsualTtl = 3600;

        /// <summary>The API that the server's tokens are for, in the form of <see cref="Files.ApiAudience"/>.</summary>
        public required string Audience { get; init; }

        /// <summary>Life of the server's credential. Seconds, <see cref="LeastTtl"/> to <see cref="MostTtl"/>.</summary>
        public long TtlSeconds { get; init; } = UsualTtl;

        /// <summary>
        /// The variable of a process that names the file in which its token for the API lies, bound to no key: of a server that has none itself. Null where it has keys.
        /// </summary>
        public string? File { get; init; }

        /// <summary>Life of a token that is bound to no key. Seconds.</summary>
        public const long MostUnboundTtl = 3600;

        /// <summary>Whom foreign issuers know its instances as: they enrol by the token of their platform, in place of a code.</summary>
        public ImmutableArray<FederatedSubject> Federation { get; init => field = value.IsDefault ? [] : value; } = [];

        public const long LeastRotation = 3600;
        public const long MostRotation = 365 * 86_400;

        /// <summary>The age at which a key of an instance gets no more tokens. Seconds, <see cref="LeastRotation"/> to <see cref="MostRotation"/>; null where the file says nothing.</summary>
        public long? RotationSeconds { get; init; }
    }

    /// <summary>
    /// <c>exchange</c> with <c>at</c>: each caller's token is had from the authorization server that the server itself lives under, for an assertion of ours about who calls. The server has
    /// no keys of ours then.
    /// </summary>
    public sealed record Foreign : UpstreamCredential
    {
        /// <summary>What the tokens are for, in the form of <see cref="Files.ApiAudience"/>.</summary>
        public required string Audience { get; init; }

        /// <summary>In the form of <see cref="Files.TokenEndpointUrl"/>; letter by letter the <c>aud</c> of what it is shown, where <see cref="Issuer"/> says nothing.</summary>
        public required string TokenEndpoint { get; init; }

        /// <summary>The authorization server's issuer, in the form of <see cref="Files.IssuerUrl"/>: the <c>aud</c> of what it is shown, where it holds to draft-ietf-oauth-rfc7523bis. Null for the endpoint's address.</summary>
        public string? Issuer { get; init; }

        /// <summary>What the gateway is called there (<c>client_id</c>).</summary>
        public required string Client { get; init; }

        public ForeignStyle Style { get; init; }

        /// <summary>What is asked for (RFC 6749 §3.3); null for what the client gets without asking.</summary>
        public string? Scope { get; init; }

        /// <summary>Name of the stored secret that is the client's there; null where it proves itself by a signature of ours (<c>private_key_jwt</c>).</summary>
        public string? Secret { get; init; }

        /// <summary>Of <see cref="Secret"/>. Refused past its day (UTC, the end of it).</summary>
        public DateOnly? Expires { get; init; }
    }
}

/// <summary><c>spec.credential.at.style</c>: what a foreign token endpoint is asked in.</summary>
public enum ForeignStyle
{
    /// <summary>RFC 8693.</summary>
    TokenExchange,

    /// <summary>RFC 7523 §2.1, with Microsoft's <c>requested_token_use=on_behalf_of</c>.</summary>
    OnBehalfOf,
}

public static class ForeignStyles
{
    public const string TokenExchange = "token-exchange";
    public const string OnBehalfOf = "on-behalf-of";

    public static string ToText(this ForeignStyle style) => style == ForeignStyle.OnBehalfOf ? OnBehalfOf : TokenExchange;
}
