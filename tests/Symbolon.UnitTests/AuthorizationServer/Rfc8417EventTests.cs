using System.Text;
using System.Text.Json;
using Symbolon.AuthorizationServer.SecurityEvents;
using Symbolon.Core;
using Symbolon.Core.AccessTokens;
using Symbolon.Core.Identity;
using Symbolon.Core.Revocation;
using Symbolon.Core.SecurityEvents;
using Symbolon.Jose;
using Symbolon.Jose.Signatures;
using Symbolon.Jose.Tokens;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>What a security event token says, and that nobody takes it for anything else.</summary>
[Trait("area", "events")]
public sealed class Rfc8417EventTests
{
    private const string Issuer = "https://symbolon.example.com";

    [Theory]
    [InlineData(RevocationLevel.User, "alice@example.com", """{"format":"iss_sub","iss":"https://symbolon.example.com","sub":"alice@example.com"}""")]
    [InlineData(RevocationLevel.Agent, "bot", """{"format":"iss_sub","iss":"https://symbolon.example.com","sub":"agent:bot"}""")]
    [InlineData(RevocationLevel.Workflow, "nightly", """{"format":"iss_sub","iss":"https://symbolon.example.com","sub":"workflow:nightly"}""")]
    [InlineData(RevocationLevel.Credential, "orders", """{"format":"iss_sub","iss":"https://symbolon.example.com","sub":"server:orders"}""")]
    [InlineData(RevocationLevel.Token, "tok_1", """{"format":"jwt_id","iss":"https://symbolon.example.com","jti":"tok_1"}""")]
    [InlineData(RevocationLevel.Client, "ci", """{"format":"opaque","id":"ci"}""")]
    [InlineData(RevocationLevel.Authorization, "aut_1", """{"format":"opaque","id":"aut_1"}""")]
    [InlineData(RevocationLevel.Organisation, "default", """{"format":"complex","tenant":{"format":"opaque","id":"default"}}""")]
    [Trait("clause", "RFC 9493 §3")]
    public void A_revocation_names_its_subject_as_tokens_do(RevocationLevel level, string target, string subject)
    {
        var payload = Payload(level, target);
        Assert.Equal(subject, payload.GetProperty("sub_id").GetRawText());
        var told = payload.GetProperty("events").EnumerateObject().Single();
        Assert.Equal(EventPen.SessionRevoked, told.Name);
        Assert.Equal((1_700_000_009, "admin"), (told.Value.GetProperty("event_timestamp").GetInt64(), told.Value.GetProperty("initiating_entity").GetString()));
    }

    [Fact]
    [Trait("clause", "CAEP 1.0 §3.3")]
    public void A_key_that_is_revoked_is_a_change_of_a_credential_at_its_time_and_not_at_the_end_of_time()
    {
        var payload = Payload(RevocationLevel.Key, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", long.MaxValue);
        Assert.Equal("""{"format":"uri","uri":"urn:ietf:params:oauth:jwk-thumbprint:sha-256:NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"}""", payload.GetProperty("sub_id").GetRawText());
        var told = payload.GetProperty("events").EnumerateObject().Single();
        Assert.Equal((EventPen.CredentialChange, "revoke", 1_700_000_010), (told.Name, told.Value.GetProperty("change_type").GetString(), told.Value.GetProperty("event_timestamp").GetInt64()));
    }

    [Fact]
    [Trait("clause", "RFC 8417 §2.2")]
    public void It_has_what_it_must_and_neither_sub_nor_exp_nor_what_somebody_gave_as_a_reason()
    {
        var payload = Payload(RevocationLevel.User, "alice@example.com");
        Assert.Equal(["iss", "aud", "jti", "iat", "txn", "sub_id", "events"], payload.EnumerateObject().Select(each => each.Name));
        Assert.Equal((Issuer, "https://billing.example.com", "set_1", 1_700_000_010, Issuer + "/changes/7"),
            (payload.GetProperty("iss").GetString(), payload.GetProperty("aud").GetString(), payload.GetProperty("jti").GetString(), payload.GetProperty("iat").GetInt64(), payload.GetProperty("txn").GetString()));
        Assert.Equal("""{"en":"what a person had was revoked"}""", payload.GetProperty("events").EnumerateObject().Single().Value.GetProperty("reason_admin").GetRawText());
    }

    [Theory]
    [InlineData("gateway", "policy")]
    [InlineData("alice@example.com", "user")]
    [InlineData("bob@example.com", "admin")]
    [InlineData("admin-token", "admin")]
    [InlineData("system", "system")]
    [InlineData("ci", "system")]
    public void It_says_what_kind_of_somebody_did_it_and_never_who(string by, string initiator)
    {
        var payload = Payload(RevocationLevel.User, "alice@example.com", by: by);
        Assert.Equal(initiator, payload.GetProperty("events").EnumerateObject().Single().Value.GetProperty("initiating_entity").GetString());
        if (by is "bob@example.com" or "ci" or "admin-token") Assert.DoesNotContain($"\"{by}\"", payload.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("clause", "SSF 1.0 §8.1.4.1")]
    public void A_test_names_the_stream_and_carries_its_state()
    {
        var payload = Payload(null, "hello");
        Assert.Equal(("""{"format":"opaque","id":"billing"}""", $$$"""{"{{{EventPen.Verification}}}":{"state":"hello"}}"""), (payload.GetProperty("sub_id").GetRawText(), payload.GetProperty("events").GetRawText()));
        Assert.Equal($$$"""{"{{{EventPen.Verification}}}":{}}""", Payload(null, "").GetProperty("events").GetRawText());
    }

    [Fact]
    [Trait("clause", "RFC 8417 §4.5")]
    [Trait("hostile", "confusion")]
    public async Task Nothing_of_ours_takes_it_for_a_token_whatever_it_is_for()
    {
        await using var rig = await EventsRig.StartAsync();
        foreach (var audience in new[] { EventsRig.Audience, OAuthHost.Shop, EventsRig.Resource, OAuthHost.Issuer })
        {
            var text = rig.Host.Get<EventPen>().Sign(rig.Add(), audience)!;
            Assert.Equal("secevent+jwt", EventsRig.HeaderOf(text).GetProperty("typ").GetString());
            var now = UnixTime.Microseconds(rig.Host.Clock);
            Assert.IsType<AccessTokenReading.Refused>(rig.Host.Read(text));
            Assert.Null(rig.Host.Get<DownstreamTokenReader>().Read(text, now));
            Assert.Null(rig.Host.Get<EventsTokenReader>().Read(text, now));
            foreach (var profile in new[] { TokenProfiles.AccessToken, TokenProfiles.ClientAssertion, TokenProfiles.PlatformToken, TokenProfiles.DPoPProof, TokenProfiles.Identity })
                Assert.Equal(JoseError.WrongType, Jws.Read(Encoding.ASCII.GetBytes(text), profile, new byte[text.Length], out _));
            Assert.Equal(JoseError.None, Jws.Read(Encoding.ASCII.GetBytes(text), TokenProfiles.SecurityEvent, new byte[text.Length], out _));
            Assert.Equal(401, (await rig.PollAsync(text)).Status);
        }
    }

    private static JsonElement Payload(RevocationLevel? level, string target, long notBefore = 1_700_000_009_999_999, string by = "admin@example.com") => JsonDocument.Parse(
        EventPen.Payload(new SecurityEvent(OrganisationId.Default, "billing", "set_1", 7, level, target, notBefore, by, 1_700_000_010_000_000), Issuer, "https://billing.example.com").ToArray()).RootElement;
}
