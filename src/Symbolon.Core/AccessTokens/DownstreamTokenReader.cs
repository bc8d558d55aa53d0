using System.Text;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Resources;
using Symbolon.Core.Snapshot;
using Symbolon.Jose.Json;
using Symbolon.Jose.Tokens;

namespace Symbolon.Core.AccessTokens;

/// <summary>
/// Verifies tokens of ours for what is behind the gateway, as <see cref="AccessTokenReader"/> does those for ourselves: each reader refuses what the other takes. Whatever is not
/// exactly as we write it is refused. Reads no store, and does not ask what was revoked.
/// </summary>
public sealed class DownstreamTokenReader(Configuration configuration, IPublicOrigins origins)
{
    private static readonly byte[][] Names =
    [
        .. "iss sub aud client_id jti iat iat_us exp scope authorization_details cnf act may_act origin_jti origin_client_id authorization_id auth_us tool".Split(' ').Select(Encoding.ASCII.GetBytes),
    ];

    private readonly OwnKeys keys = new(configuration);

    /// <param name="now">Microseconds since the Unix epoch.</param>
    /// <returns>Null for everything else, and for one that has ended.</returns>
    public DownstreamToken? Read(string token, long now)
    {
        var organisation = OrganisationId.Default;
        if (keys.Verify(organisation, token, out var payload) is not var (claims, key)) return null;
        var read = Judge(organisation, key, claims, JsonValue.Root(payload));
        return read is not null && read.IssuedAt <= now + AccessTokenReader.Tolerance && now < read.ExpiresAt + AccessTokenReader.Tolerance ? read : null;
    }

    private DownstreamToken? Judge(OrganisationId organisation, string key, JwtClaims claims, JsonValue root)
    {
        if (!HasOnlyNames(root)) return null;
        if (claims is not { Issuer: { } issuer, Subject: { } subject, Id: { } id, ExpiresAt: { } expires, IssuedAt: { } issued, NotBefore: null, AudienceIsText: true, Audience: [var audience] }) return null;
        if (!origins.Includes(issuer) || !TokenId.IsValid(id)) return null;
        if (!JwtClaims.Text(root, "client_id"u8, out var client) || client is not { Length: <= ClientId.MostLength } || !OwnClaims.TryReadIssue(root, issued, out var issuedAt)) return null;
        if (!OwnClaims.TryReadKey(root, out var bound) || !OwnClaims.TryReadLimits(root, AuthorizationDetails.MostDownstream, out var details)) return null;
        if (!Text(root, "scope"u8, out var scope) || !Text(root, "tool"u8, out var tool)) return null;
        if (!Text(root, "origin_jti"u8, out var origin) || (origin is not null && !TokenId.IsValid(origin))) return null;
        if (!Text(root, "authorization_id"u8, out var authorization) || (authorization is not null && !AuthorizationId.IsValid(authorization))) return null;
        if (!Text(root, "origin_client_id"u8, out var began) || began is { Length: > ClientId.MostLength }) return null;
        if (!TryReadConsent(root, issuedAt, out var authorizedAt) || !TryReadMayAct(root, out var mayAct) || !TryReadChain(root, subject, out var holder, out var actors)) return null;
        var selfServer = new ClientId(subject).Server;
        var read = new DownstreamToken
        {
            Kind = mayAct is not null ? DownstreamKind.Call : selfServer is not null ? DownstreamKind.Credential : DownstreamKind.Exchanged,
            Id = new TokenId(id),
            Organisation = organisation,
            Issuer = issuer,
            Audience = audience,
            Server = mayAct ?? selfServer ?? new ClientId(client).Server ?? default,
            Holder = holder,
            Actors = actors,
            Client = new ClientId(client),
            Details = details,
            Key = bound,
            Origin = origin is null ? null : new TokenId(origin),
            OriginClient = began is null ? null : new ClientId(began),
            Authorization = authorization is null ? null : new AuthorizationId(authorization),
            AuthorizedAt = authorizedAt,
            IssuedAt = issuedAt,
            ExpiresAt = UnixTime.FromSeconds(expires),
            KeyId = key,
        };
        return read.Server.Value is null ? null : Fitting(read, subject, scope, tool);
    }

    private static bool HasOnlyNames(JsonValue root)
    {
        foreach (var member in root.Members)
        {
            var isKnown = false;
            foreach (var name in Names) isKnown |= member.NameEquals(name);
            if (!isKnown) return false;
        }
        return true;
    }

    /// <summary>Each kind has its own members, and no others.</summary>
    private static DownstreamToken? Fitting(DownstreamToken read, string subject, string? scope, string? tool)
    {
        // Only a server's own credential may be bound to no key; without cnf it is one that was written into a file for it.
        if (read.Key is null && read.Kind != DownstreamKind.Credential) return null;
        if (read.OriginClient is not null && read.Kind != DownstreamKind.Exchanged) return null;
        switch (read.Kind)
        {
            case DownstreamKind.Call:
                if (tool is not null || (scope is null && read.Details is not null)) return null;
                if (scope is not null) return Called(read, scope) is { Holder: not null, Origin: not null } call ? call : null;
                return subject == ClientId.Gateway.Value
                    ? read is { Holder: null, Origin: null, Authorization: null, AuthorizedAt: null, Actors: [] } && read.Client == ClientId.Gateway ? read : null
                    : read is { Holder: not null, Origin: not null } ? read : null;
            case DownstreamKind.Credential:
                return tool is null && read is { Holder: null, Origin: null, Authorization: null, AuthorizedAt: null, Actors: [] } && read.Client == ClientId.Of(read.Server) && IsOf(scope, read.Details) ? read : null;
            default:
                return read is { Holder: not null, Origin: not null, Actors: [var outermost, ..] } && outermost == read.Server && IsOf(scope, read.Details) && tool is not null ? Called(read, tool) : null;
        }
    }

    private static DownstreamToken? Called(DownstreamToken read, string scope) =>
        Scopes.TryParse(scope, out var named) && named is { Tools: [var tool], Server: var server } && server == read.Server ? read with { Tool = tool } : null;

    private static bool IsOf(string? scope, ResourceSet? details) => scope is not null && details is not null && scope == details.ToString();

    /// <summary>The subject, then those who act for it, the outermost first: servers, and then what <see cref="HolderClaims"/> writes of whoever called.</summary>
    private static bool TryReadChain(JsonValue root, string subject, out Holder? holder, out System.Collections.Immutable.ImmutableArray<ServerName> servers)
    {
        (holder, servers) = (null, []);
        var actors = new List<string>();
        var level = root;
        while (level.TryGetMember("act"u8, out var actor))
        {
            if (actors.Count == DownstreamToken.MostActors || actor.Value.Kind != JsonKind.Object) return false;
            foreach (var member in actor.Value.Members)
                if (!member.NameEquals("sub"u8) && !member.NameEquals("act"u8)) return false;
            if (!actor.Value.TryGetMember("sub"u8, out var name) || !name.Value.TryGetString(out var text)) return false;
            actors.Add(text);
            level = actor.Value;
        }
        servers = [.. actors.Select(text => new ClientId(text).Server).TakeWhile(server => server is not null).Select(server => server!.Value)];
        if (servers.Distinct().Count() != servers.Length) return false;
        var inner = actors.Skip(servers.Length).ToList();
        if (inner.Count == 0 && (subject == ClientId.Gateway.Value || new ClientId(subject).Server is not null)) return true;
        return (holder = HolderClaims.OfChain([subject, .. inner])) is not null;
    }

    private static bool TryReadMayAct(JsonValue root, out ServerName? server)
    {
        server = null;
        if (!root.TryGetMember("may_act"u8, out var member)) return true;
        foreach (var each in member.Value.Members)
            if (!each.NameEquals("sub"u8)) return false;
        return member.Value.TryGetMember("sub"u8, out var name) && name.Value.TryGetString(out var text) && (server = new ClientId(text).Server) is not null;
    }

    private static bool TryReadConsent(JsonValue root, long issuedAt, out long? authorizedAt)
    {
        authorizedAt = null;
        if (!root.TryGetMember("auth_us"u8, out var member)) return true;
        if (!member.Value.TryGetInt64(out var time) || time < 0 || time > issuedAt) return false;
        authorizedAt = time;
        return true;
    }

    /// <summary>A text of any length that is not empty: the scope of a token may be most of it.</summary>
    private static bool Text(JsonValue root, ReadOnlySpan<byte> name, out string? value)
    {
        value = null;
        return !root.TryGetMember(name, out var member) || (member.Value.TryGetString(out value) && value.Length > 0);
    }
}
