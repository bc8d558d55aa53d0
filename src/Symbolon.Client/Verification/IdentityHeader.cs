using System.Text;
using Symbolon.Client.Callers;
using Symbolon.Client.Http;
using Symbolon.Jose;
using Symbolon.Jose.Json;
using Symbolon.Jose.Keys;
using Symbolon.Jose.Signatures;
using Symbolon.Jose.Tokens;

namespace Symbolon.Client.Verification;

/// <summary>
/// Verifies the header in which the gateway tells a server who asks (<c>spec.upstream.identity</c>), for servers that only want to know. Whoever can read a request can send its header
/// again for a minute, to this server alone: let nobody but the gateway reach it. Safe to call from many threads.
/// </summary>
/// <remarks>RFC 7519 §7.2, RFC 8725 §3, RFC 8693 §4.1.</remarks>
public sealed class IdentityHeader : IDisposable
{
    private const int MostKeyId = 128;
    private const long Tolerance = 5;
    private const long LongestLife = 60;

    private readonly TimeProvider clock;
    private readonly HttpClient http;
    private readonly bool ownsHttp;
    private readonly string issuer;
    private readonly string audience;
    private readonly SigningKeys keys;

    /// <param name="issuer">The address of Symbolon, https or http on loopback.</param>
    /// <param name="audience">The address of this server as it is written in <c>upstream.url</c>; compared byte for byte.</param>
    /// <param name="http">To fetch keys with: one that follows no redirects. Null makes one.</param>
    /// <exception cref="ArgumentException">The issuer is no such address, or there is no audience.</exception>
    public IdentityHeader(Uri issuer, string audience, HttpClient? http = null, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(audience);
        var symbolon = SymbolonAddress.Of(issuer, nameof(issuer));
        (this.issuer, this.audience, this.clock, ownsHttp) = (symbolon.Issuer, audience, clock ?? TimeProvider.System, http is null);
        this.http = http ?? SymbolonHttp.Create();
        keys = new SigningKeys(symbolon, this.http, this.clock);
    }

    /// <param name="values">Each value of the header that the server's file names, as it came.</param>
    public async ValueTask<IdentityVerdict> VerifyAsync(IReadOnlyList<string> values, CancellationToken cancellation = default)
    {
        if (values is not [{ Length: > 0 } value])
            return values.Count > 1 ? Refuse(IdentityFault.Several, "The header is there more than once.") : Refuse(IdentityFault.Missing, "There is no identity header.");
        if (value.Length > TokenProfiles.Identity.MostBytes) return Refuse(IdentityFault.TooLarge, "The header is larger than 8 KiB.");
        var token = Encoding.UTF8.GetBytes(value);
        if (ReadForm(token, out var keyId) is { } unread) return unread;
        return await keys.FindAsync(keyId, cancellation) switch
        {
            KeyAnswer.Found { Key: var key } => Judge(token, key),
            KeyAnswer.Unknown => Refuse(IdentityFault.UnknownKey, "It is signed by no key of Symbolon."),
            _ => Refuse(IdentityFault.KeysUnavailable, "The keys that it is signed with cannot be had at this moment."),
        };
    }

    public void Dispose()
    {
        if (ownsHttp) http.Dispose();
    }

    private static IdentityVerdict.Refused? ReadForm(byte[] token, out string keyId)
    {
        keyId = "";
        var error = Jws.Read(token, TokenProfiles.Identity, new byte[token.Length], out var jws);
        if (error != JoseError.None) return Refuse(FaultOf(error), "This is no identity header of Symbolon.");
        if (jws.Header.KeyId.Length is 0 or > MostKeyId) return Refuse(IdentityFault.UnknownKey, "It names no key.");
        keyId = Encoding.UTF8.GetString(jws.Header.KeyId);
        return null;
    }

    private static IdentityFault FaultOf(JoseError error) => error switch
    {
        JoseError.TooLarge => IdentityFault.TooLarge,
        JoseError.WrongType => IdentityFault.WrongType,
        JoseError.AlgorithmNotAllowed => IdentityFault.WrongAlgorithm,
        _ => IdentityFault.Malformed,
    };

    private IdentityVerdict Judge(byte[] token, VerificationKey key)
    {
        if (Jws.Read(token, TokenProfiles.Identity, new byte[token.Length], out var jws) != JoseError.None || jws.Verify(key, out var payload) != JoseError.None)
            return Refuse(IdentityFault.WrongSignature, "The signature is not of the key that it names.");
        if (JwtClaims.Read(payload, out var claims) != JoseError.None || claims is not { Subject: { } subject, Id: { } id, ExpiresAt: { } expires, IssuedAt: { } issued, Issuer: { } by }
            || DelegationChain.Read(JsonValue.Root(payload), subject) is not { } chain || !JwtClaims.Text(JsonValue.Root(payload), "tool"u8, out var tool))
            return Refuse(IdentityFault.WrongClaims, "A claim is missing, or has not its form.");
        if (by != issuer) return Refuse(IdentityFault.WrongIssuer, "It is of another issuer.");
        if (!claims.AudienceIsText || claims.Audience[0] != audience) return Refuse(IdentityFault.WrongAudience, "It is for another server.");
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        if (now >= expires + Tolerance) return Refuse(IdentityFault.Expired, "It is over.");
        if (issued > now + Tolerance || claims.NotBefore > now + Tolerance) return Refuse(IdentityFault.NotYetValid, "It is not good yet.");
        if (expires - issued > LongestLife) return Refuse(IdentityFault.LivesTooLong, "It is good for longer than the gateway ever says.");
        return new IdentityVerdict.Accepted(new IdentifiedCaller
        {
            Subject = subject, Person = chain.Person, Agent = chain.Agent, Workflow = chain.Workflow, Actors = chain.Actors, Tool = tool, Id = id,
        });
    }

    private static IdentityVerdict.Refused Refuse(IdentityFault fault, string why) => new(fault, why);
}
