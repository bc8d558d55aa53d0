using System.Buffers;
using System.Text.Json;
using Symbolon.AuthorizationServer.Keys;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Revocation;
using Symbolon.Core.SecurityEvents;
using Symbolon.Jose.Tokens;

namespace Symbolon.AuthorizationServer.SecurityEvents;

/// <summary>
/// Writes and signs security event tokens (RFC 8417), by CAEP 1.0 and with subjects of RFC 9493. They have no <c>exp</c> and no <c>sub</c>, so that nobody takes one for a token that gives something
/// (RFC 8417 §4.5, SSF 1.0 §4.1.2). Signed each time that they are told, by the key of that moment.
/// </summary>
internal sealed class EventPen(Signer signer, IPublicOrigins origins)
{
    public const string SessionRevoked = "https://schemas.openid.net/secevent/caep/event-type/session-revoked";
    public const string CredentialChange = "https://schemas.openid.net/secevent/caep/event-type/credential-change";
    public const string Verification = "https://schemas.openid.net/secevent/ssf/event-type/verification";

    private const long PerSecond = 1_000_000;

    /// <param name="audience">The API.</param>
    /// <returns>Null while there is no key to sign with, or no origin.</returns>
    public string? Sign(SecurityEvent told, string audience) =>
        origins.Primary is { } issuer ? signer.Sign(told.Organisation, TokenProfiles.SecurityEvent.Type, Payload(told, issuer, audience)) : null;

    internal static ReadOnlySpan<byte> Payload(SecurityEvent told, string issuer, string audience)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString(OAuthParameter.Issuer, issuer);
        json.WriteString(OAuthParameter.Audience, audience);
        json.WriteString("jti", told.Id);
        json.WriteNumber("iat", told.CreatedAt / PerSecond);
        // RFC 8417 §2.2: what came of one change has one.
        if (told.Level is not null) json.WriteString("txn", $"{issuer}/changes/{told.Change}");
        json.WriteStartObject("sub_id");
        WriteSubject(json, told, issuer);
        json.WriteEndObject();
        json.WriteStartObject("events");
        json.WriteStartObject(told.Level switch { null => Verification, RevocationLevel.Key => CredentialChange, _ => SessionRevoked });
        if (told.Level is { } level) WriteEvent(json, told, level);
        else if (told.Target.Length > 0) json.WriteString(OAuthParameter.State, told.Target);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }

    private static void WriteEvent(Utf8JsonWriter json, SecurityEvent told, RevocationLevel level)
    {
        if (level == RevocationLevel.Key)
        {
            json.WriteString("credential_type", "public-key");
            json.WriteString("change_type", "revoke");
        }
        // A key is dead for good, which its epoch says by the end of time; everybody else's by the last second that is over.
        json.WriteNumber("event_timestamp", (level == RevocationLevel.Key ? told.CreatedAt : told.NotBefore) / PerSecond);
        json.WriteString("initiating_entity", Initiator(told));
        // Never what somebody gave as the reason: that is for the record, and this leaves the house.
        json.WriteStartObject("reason_admin");
        json.WriteString("en", WordsOf(level));
        json.WriteEndObject();
    }

    /// <summary>As tokens name it.</summary>
    private static void WriteSubject(Utf8JsonWriter json, SecurityEvent told, string issuer)
    {
        switch (told.Level)
        {
            case null: Opaque(json, told.Client); break;
            case RevocationLevel.User: Named(json, issuer, told.Target); break;
            case RevocationLevel.Agent: Named(json, issuer, ClientId.Of(new AgentName(told.Target)).Value); break;
            case RevocationLevel.Workflow: Named(json, issuer, ClientId.Of(new WorkflowName(told.Target)).Value); break;
            case RevocationLevel.Credential: Named(json, issuer, ClientId.Of(new ServerName(told.Target)).Value); break;
            case RevocationLevel.Token:
                json.WriteString("format", "jwt_id");
                json.WriteString("iss", issuer);
                json.WriteString("jti", told.Target);
                break;
            case RevocationLevel.Client or RevocationLevel.Authorization: Opaque(json, told.Target); break;
            case RevocationLevel.Key:
                json.WriteString("format", "uri");
                json.WriteString("uri", $"urn:ietf:params:oauth:jwk-thumbprint:sha-256:{told.Target}");
                break;
            case RevocationLevel.Organisation:
                json.WriteString("format", "complex");
                json.WriteStartObject("tenant");
                Opaque(json, told.Target);
                json.WriteEndObject();
                break;
            default: throw new InvalidOperationException($"Nobody is told of {told.Level}.");
        }
    }

    private static void Named(Utf8JsonWriter json, string issuer, string subject)
    {
        json.WriteString("format", "iss_sub");
        json.WriteString("iss", issuer);
        json.WriteString("sub", subject);
    }

    private static void Opaque(Utf8JsonWriter json, string id)
    {
        json.WriteString("format", "opaque");
        json.WriteString("id", id);
    }

    /// <summary>CAEP 1.0 §2: the gateway acts by what reviewers decided, people by themselves where they end what is theirs, clients and clocks as the system.</summary>
    private static string Initiator(SecurityEvent told) =>
        told.By == "gateway" ? "policy"
        : told.Level == RevocationLevel.User && told.By == told.Target ? "user"
        : told.By.Contains('@', StringComparison.Ordinal) || told.By == "admin-token" ? "admin" : "system";

    private static string WordsOf(RevocationLevel level) => level switch
    {
        RevocationLevel.Token => "a token was revoked",
        RevocationLevel.User => "what a person had was revoked",
        RevocationLevel.Agent => "what an agent had was revoked, or it was suspended",
        RevocationLevel.Workflow => "what a workflow had was revoked, or it was suspended",
        RevocationLevel.Credential => "a server may no longer use what it had",
        RevocationLevel.Client => "what a client had was revoked",
        RevocationLevel.Authorization => "an authorization was revoked",
        RevocationLevel.Key => "a key was revoked",
        _ => "everything that was issued was revoked",
    };
}
