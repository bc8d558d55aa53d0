using System.Globalization;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Jose.Proofs;

namespace Symbolon.UnitTests.OAuth;

/// <summary>Proofs that are signed well and say something else than they should.</summary>
[Trait("area", "oauth")]
[Trait("clause", "RFC 9449 §4.3")]
public sealed class ProofClaimVectorTests : IDisposable
{
    private const string Long257 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef!";

    private readonly ProofStage stage = new();

    public void Dispose() => stage.Dispose();

    [Theory]
    [InlineData("jti", "", ProofFault.BadClaim)]
    [InlineData("jti", "\"jti\":null", ProofFault.BadClaim)]
    [InlineData("jti", "\"jti\":1", ProofFault.BadClaim)]
    [InlineData("jti", "\"jti\":[\"a\"]", ProofFault.BadClaim)]
    [InlineData("jti", "\"jti\":{\"a\":1}", ProofFault.BadClaim)]
    [InlineData("jti", "\"jti\":\"\"", ProofFault.BadClaim)]
    [InlineData("jti", $"\"jti\":\"{Long257}\"", ProofFault.BadClaim)]
    [InlineData("jti", "\"jti\":\"a\",\"jti\":\"b\"", ProofFault.Malformed)]
    [InlineData("jti", "\"jti\":\"a\",\"\\u006ati\":\"b\"", ProofFault.Malformed)]
    [InlineData("jti", "\"jti\":\"a\",\"JTI\":\"b\"", ProofFault.Malformed)]
    [InlineData("jti", "\"JTI\":\"a\"", ProofFault.BadClaim)]
    [InlineData("htm", "", ProofFault.BadClaim)]
    [InlineData("htm", "\"htm\":null", ProofFault.BadClaim)]
    [InlineData("htm", "\"htm\":1", ProofFault.BadClaim)]
    [InlineData("htm", "\"htm\":[\"POST\"]", ProofFault.BadClaim)]
    [InlineData("htm", "\"htm\":\"post\"", ProofFault.WrongMethod)]
    [InlineData("htm", "\"htm\":\"Post\"", ProofFault.WrongMethod)]
    [InlineData("htm", "\"htm\":\"GET\"", ProofFault.WrongMethod)]
    [InlineData("htm", "\"htm\":\"\"", ProofFault.WrongMethod)]
    [InlineData("htm", "\"htm\":\" POST\"", ProofFault.WrongMethod)]
    [InlineData("htm", "\"htm\":\"POST\\u0000\"", ProofFault.WrongMethod)]
    [InlineData("htm", "\"htm\":\"POST\",\"htm\":\"GET\"", ProofFault.Malformed)]
    [InlineData("iat", "", ProofFault.BadClaim)]
    [InlineData("iat", "\"iat\":null", ProofFault.BadClaim)]
    [InlineData("iat", "\"iat\":\"{now}\"", ProofFault.BadClaim)]
    [InlineData("iat", "\"iat\":\"str\"", ProofFault.BadClaim)]
    [InlineData("iat", "\"iat\":[{now}]", ProofFault.BadClaim)]
    [InlineData("iat", "\"iat\":true", ProofFault.BadClaim)]
    [InlineData("iat", "\"iat\":{now}.5", ProofFault.BadClaim)]
    [InlineData("iat", "\"iat\":1e18", ProofFault.BadClaim)]
    [InlineData("iat", "\"iat\":1e400", ProofFault.BadClaim)]
    [InlineData("iat", "\"iat\":9223372036854775808", ProofFault.BadClaim)]
    [InlineData("iat", "\"iat\":9223372036854775807", ProofFault.TooNew)]
    [InlineData("iat", "\"iat\":1000000000000000000", ProofFault.TooNew)]
    [InlineData("iat", "\"iat\":{now}000", ProofFault.TooNew)]
    [InlineData("iat", "\"iat\":{+301}", ProofFault.TooNew)]
    [InlineData("iat", "\"iat\":{+6}", ProofFault.NonceNeeded)]
    [InlineData("iat", "\"iat\":{-61}", ProofFault.NonceNeeded)]
    [InlineData("iat", "\"iat\":{-301}", ProofFault.TooOld)]
    [InlineData("iat", "\"iat\":0", ProofFault.TooOld)]
    [InlineData("iat", "\"iat\":-1", ProofFault.TooOld)]
    [InlineData("iat", "\"iat\":-9223372036854775808", ProofFault.TooOld)]
    [InlineData("iat", "\"iat\":{now},\"iat\":{now}", ProofFault.Malformed)]
    [InlineData("iat", "\"iat\":0{now}", ProofFault.Malformed)]
    [InlineData("exp", "\"exp\":{now}", ProofFault.TooOld)]
    [InlineData("exp", "\"exp\":\"never\"", ProofFault.BadClaim)]
    [InlineData("nbf", "\"nbf\":{+6}", ProofFault.TooNew)]
    [InlineData("nbf", "\"nbf\":null", ProofFault.BadClaim)]
    [InlineData("ath", "", ProofFault.WrongToken)]
    [InlineData("ath", "\"ath\":null", ProofFault.BadClaim)]
    [InlineData("ath", "\"ath\":1", ProofFault.BadClaim)]
    [InlineData("ath", "\"ath\":\"\"", ProofFault.WrongToken)]
    [InlineData("ath", "\"ath\":\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"", ProofFault.WrongToken)]
    [InlineData("ath", "\"ath\":\"fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo=\"", ProofFault.WrongToken)]
    [InlineData("ath", "\"ath\":\"fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEp\"", ProofFault.WrongToken)]
    [InlineData("ath", "\"ath\":\"7d41f23b6af66770d9e7712c36b5816f4c565e868dcb9f4888a080aa4b26404a\"", ProofFault.WrongToken)]
    [InlineData("ath", "\"ath\":\"fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo\",\"ath\":\"x\"", ProofFault.Malformed)]
    [InlineData("nonce", "\"nonce\":1", ProofFault.BadClaim)]
    [InlineData("nonce", "\"nonce\":null", ProofFault.BadClaim)]
    [InlineData("nonce", "\"nonce\":\"\"", ProofFault.NonceNeeded)]
    [InlineData("nonce", "\"nonce\":\"eyJ7S_zG.eyJH0-Z.HX4w-7v\"", ProofFault.NonceNeeded)]
    [InlineData("nonce", "\"nonce\":\"AAAAAAAAAAAAAAAAAAAAAA\"", ProofFault.NonceNeeded)]
    public void A_proof_with_a_wrong_claim_is_refused(string member, string text, ProofFault fault)
    {
        Assert.Equal(fault, ProofStage.FaultOf(stage.Check(stage.Proof(member, InTime(text)))));
        // And again from a client whose header and key are known.
        Assert.IsType<ProofVerdict.Accepted>(stage.Check(stage.Proof()));
        Assert.Equal(fault, ProofStage.FaultOf(stage.Check(stage.Proof(member, InTime(text)))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"htu\":null")]
    [InlineData("\"htu\":1")]
    [InlineData("\"htu\":[\"https://symbolon.example/mcp/deploy\"]")]
    [InlineData("\"htu\":{\"url\":\"https://symbolon.example/mcp/deploy\"}")]
    public void A_proof_without_a_url_is_refused(string text) =>
        Assert.Equal(ProofFault.BadClaim, ProofStage.FaultOf(stage.Check(stage.Proof("htu", text))));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("/mcp/deploy")]
    [InlineData("//symbolon.example/mcp/deploy")]
    [InlineData("symbolon.example/mcp/deploy")]
    [InlineData("http://symbolon.example/mcp/deploy")]
    [InlineData("http://symbolon.example:443/mcp/deploy")]
    [InlineData("wss://symbolon.example/mcp/deploy")]
    [InlineData("https:symbolon.example/mcp/deploy")]
    [InlineData("https:/symbolon.example/mcp/deploy")]
    [InlineData("https:///symbolon.example/mcp/deploy")]
    [InlineData("https:\\\\\\\\symbolon.example\\\\mcp\\\\deploy")]
    [InlineData("https://symbolon.example:8443/mcp/deploy")]
    [InlineData("https://symbolon.example:80/mcp/deploy")]
    [InlineData("https://symbolon.example:443443/mcp/deploy")]
    [InlineData("https://symbolon.example:4294967739/mcp/deploy")]
    [InlineData("https://symbolon.example:-443/mcp/deploy")]
    [InlineData("https://symbolon.example:443:443/mcp/deploy")]
    [InlineData("https://symbolon.example:x/mcp/deploy")]
    [InlineData("https://alice@symbolon.example/mcp/deploy")]
    [InlineData("https://alice:secret@symbolon.example/mcp/deploy")]
    [InlineData("https://@symbolon.example/mcp/deploy")]
    [InlineData("https://symbolon.example@evil.example/mcp/deploy")]
    [InlineData("https://evil.example/mcp/deploy")]
    [InlineData("https://symbolon.example.evil.example/mcp/deploy")]
    [InlineData("https://symbolon.example./mcp/deploy")]
    [InlineData("https://symbolon.exampl\\u00e9/mcp/deploy")]
    [InlineData("https://\\uff53ymbolon.example/mcp/deploy")]
    [InlineData("https://symbolon\\u3002example/mcp/deploy")]
    [InlineData("https://%73ymbolon.example/mcp/deploy")]
    [InlineData("https://symbolon.example\\u0000.evil.example/mcp/deploy")]
    [InlineData("https://[::1]/mcp/deploy")]
    [InlineData("https://symbolon.example")]
    [InlineData("https://symbolon.example/")]
    [InlineData("https://symbolon.example/mcp")]
    [InlineData("https://symbolon.example/mcp/deploy/")]
    [InlineData("https://symbolon.example/mcp/deploy//")]
    [InlineData("https://symbolon.example//mcp/deploy")]
    [InlineData("https://symbolon.example/mcp/Deploy")]
    [InlineData("https://symbolon.example/MCP/deploy")]
    [InlineData("https://symbolon.example/mcp/payments")]
    [InlineData("https://symbolon.example/mcp%2Fdeploy")]
    [InlineData("https://symbolon.example/mcp/%2e%2e/mcp/deploy")]
    [InlineData("https://symbolon.example/mcp/.%2E/mcp/deploy")]
    [InlineData("https://symbolon.example/mcp/%2e/deploy")]
    [InlineData("https://symbolon.example/mcp/deploy/%2e")]
    [InlineData("https://symbolon.example/mcp/%252e%252e/mcp/deploy")]
    [InlineData("https://symbolon.example/mcp/deploy/..")]
    [InlineData("https://symbolon.example/mcp/../deploy")]
    [InlineData("https://symbolon.example/mcp\\\\deploy")]
    [InlineData("https://symbolon.example/mcp/deploy%")]
    [InlineData("https://symbolon.example/mcp/deploy%0")]
    [InlineData("https://symbolon.example/mcp/deploy%zz")]
    [InlineData("https://symbolon.example/mcp/deploy%00")]
    [InlineData("https://symbolon.example/mcp/deploy?")]
    [InlineData("https://symbolon.example/mcp/deploy?x=1")]
    [InlineData("https://symbolon.example/mcp/deploy#")]
    [InlineData("https://symbolon.example/mcp/deploy#x")]
    [InlineData("https://symbolon.example/mcp/deploy;x=1")]
    [InlineData("https://symbolon.example/mcp/deploy ")]
    [InlineData(" https://symbolon.example/mcp/deploy")]
    [InlineData("https://symbolon.example/mcp/deploy\\n")]
    [InlineData("https://symbolon.example/m\\tcp/deploy")]
    [InlineData("https://symbolon.example/mcp/deploy, https://symbolon.example/mcp/deploy")]
    public void A_proof_for_another_url_is_refused(string htu) =>
        Assert.Equal(ProofFault.WrongUrl, ProofStage.FaultOf(stage.Check(stage.Proof("htu", $"\"htu\":\"{htu}\""))));

    [Theory]
    [InlineData("https://symbolon.example/mcp/deploy")]
    [InlineData("HTTPS://Symbolon.EXAMPLE/mcp/deploy")]
    [InlineData("https://symbolon.example:443/mcp/deploy")]
    [InlineData("https://symbolon.example:/mcp/deploy")]
    [InlineData("https://symbolon.example/mcp/%64eploy")]
    [InlineData("https://symbolon.example/./x/../mcp/deploy")]
    [InlineData("https:\\/\\/symbolon.example\\/mcp\\/deploy")]
    [InlineData("https://symbolon.\\u0065xample/mcp/deploy")]
    public void A_url_in_another_spelling_of_RFC_3986_is_the_same(string htu) =>
        Assert.IsType<ProofVerdict.Accepted>(stage.Check(stage.Proof("htu", $"\"htu\":\"{htu}\"")));

    [Theory]
    [InlineData("[]")]
    [InlineData("\"dpop\"")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{P}x")]
    [InlineData("{P}{P}")]
    [InlineData("\uFEFF{P}")]
    [InlineData("[{P}]")]
    [InlineData("{\"a\":{\"b\":1,\"b\":2},§}")]
    [InlineData("{\"a\":[[[[[[[[[1]]]]]]]]],§}")]
    [InlineData("{\"a\":\"\\ud800\",§}")]
    [InlineData("{\"a\":NaN,§}")]
    [InlineData("{/**/§}")]
    [InlineData("{§,}")]
    [InlineData("{'a':1,§}")]
    public void A_payload_that_is_no_object_of_strict_JSON_is_refused(string text)
    {
        var plain = ProofStage.TextOf(stage.Payload);
        var payload = text.Replace("{P}", plain, StringComparison.Ordinal).Replace("§", plain[1..^1], StringComparison.Ordinal);
        Assert.Equal(ProofFault.Malformed, ProofStage.FaultOf(stage.Check(stage.Sign(ProofStage.TextOf(stage.Header), payload))));
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(0)]
    [InlineData(5)]
    public void A_proof_of_now_is_accepted(int seconds) =>
        Assert.IsType<ProofVerdict.Accepted>(stage.Check(stage.Proof("iat", $"\"iat\":{stage.Now + seconds}")));

    private string InTime(string text) => System.Text.RegularExpressions.Regex.Replace(text, @"\{(now|[+-]\d+)\}", match =>
        (stage.Now + (match.Groups[1].Value == "now" ? 0 : int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))).ToString(CultureInfo.InvariantCulture));
}
