using System.Text;
using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Jose;
using Symbolon.Jose.Keys;
using Symbolon.Jose.Signatures;
using Symbolon.Jose.Tokens;

namespace Symbolon.AuthorizationServer.Enrolment;

/// <summary>What an instance is told when its key is taken: who it is, what for, and how long the key is good.</summary>
internal sealed class EnrolmentAnswers(Configuration configuration, KeyAgeRules ages, TimeProvider clock)
{
    /// <summary>The key in a proof that was verified.</summary>
    public static string JwkOf(string proof)
    {
        var bytes = Encoding.ASCII.GetBytes(proof);
        return Jws.Read(bytes, TokenProfiles.DPoPProof, new byte[bytes.Length], out var jws) == JoseError.None && Jwk.Parse(jws.Header.Key, out var key) == JoseError.None
            ? key!.ToJson() : throw new InvalidOperationException("A proof that was accepted has a key.");
    }

    public Task WriteAsync(HttpContext http, string origin, EnrolmentOutcome.Enrolled enrolled)
    {
        var due = configuration.Server(OrganisationId.Default, enrolled.Server)?.Approved is { } approved ? ages.DueAt(approved.Manifest, enrolled.Instance) : null;
        return OAuthAnswer.WriteAsync(http, StatusCodes.Status201Created, json =>
        {
            json.WriteString(OAuthParameter.ClientId, ClientId.Of(enrolled.Server).Value);
            json.WriteString("instance", enrolled.Instance.Name);
            json.WriteString("key", enrolled.Instance.Thumbprint);
            json.WriteString("issuer", origin);
            json.WriteString("audience", enrolled.Credential.Audience);
            json.WriteNumber(OAuthParameter.ExpiresIn, enrolled.Credential.TtlSeconds);
            if (enrolled.Instance.Until is { } until) json.WriteNumber("until", UnixTime.FromMicroseconds(until).ToUnixTimeSeconds());
            json.WriteNumber("enrolled_at", UnixTime.FromMicroseconds(enrolled.Instance.EnrolledAt).ToUnixTimeSeconds());
            if (due is { } at) json.WriteNumber(OAuthParameter.KeyExpiresIn, Math.Max(0, (at - clock.Microseconds()) / 1_000_000));
        });
    }
}
