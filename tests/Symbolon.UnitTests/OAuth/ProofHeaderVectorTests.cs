using System.Security.Cryptography;
using System.Text;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Jose;
using Symbolon.Jose.Proofs;

namespace Symbolon.UnitTests.OAuth;

/// <summary>Proofs whose header, form or signature is not what it should be.</summary>
[Trait("area", "oauth")]
[Trait("clause", "RFC 9449 §4.3")]
public sealed class ProofHeaderVectorTests : IDisposable
{
    private readonly ProofStage stage = new();

    public void Dispose() => stage.Dispose();

    [Theory]
    [InlineData("typ", "", ProofFault.WrongType)]
    [InlineData("typ", "\"typ\":null", ProofFault.Malformed)]
    [InlineData("typ", "\"typ\":1", ProofFault.Malformed)]
    [InlineData("typ", "\"typ\":[\"dpop+jwt\"]", ProofFault.Malformed)]
    [InlineData("typ", "\"typ\":\"\"", ProofFault.WrongType)]
    [InlineData("typ", "\"typ\":\"JWT\"", ProofFault.WrongType)]
    [InlineData("typ", "\"typ\":\"at+jwt\"", ProofFault.WrongType)]
    [InlineData("typ", "\"typ\":\"DPOP+JWT\"", ProofFault.WrongType)]
    [InlineData("typ", "\"typ\":\"dpop\"", ProofFault.WrongType)]
    [InlineData("typ", "\"typ\":\"dpop+jwt \"", ProofFault.WrongType)]
    [InlineData("typ", "\"typ\":\"dpop+jwt\",\"typ\":\"JWT\"", ProofFault.Malformed)]
    [InlineData("alg", "", ProofFault.Malformed)]
    [InlineData("alg", "\"alg\":null", ProofFault.Malformed)]
    [InlineData("alg", "\"alg\":256", ProofFault.Malformed)]
    [InlineData("alg", "\"alg\":[\"ES256\"]", ProofFault.Malformed)]
    [InlineData("alg", "\"alg\":\"\"", ProofFault.WrongAlgorithm)]
    [InlineData("alg", "\"alg\":\"none\"", ProofFault.WrongAlgorithm)]
    [InlineData("alg", "\"alg\":\"HS256\"", ProofFault.WrongAlgorithm)]
    [InlineData("alg", "\"alg\":\"RS256\"", ProofFault.WrongAlgorithm)]
    [InlineData("alg", "\"alg\":\"ES384\"", ProofFault.WrongAlgorithm)]
    [InlineData("alg", "\"alg\":\"EdDSA\"", ProofFault.WrongAlgorithm)]
    [InlineData("alg", "\"alg\":\"es256\"", ProofFault.WrongAlgorithm)]
    [InlineData("alg", "\"alg\":\"ES256\",\"alg\":\"none\"", ProofFault.Malformed)]
    [InlineData("jwk", "", ProofFault.Malformed)]
    [InlineData("jwk", "\"jwk\":null", ProofFault.Malformed)]
    [InlineData("jwk", "\"jwk\":\"https://evil.example/key\"", ProofFault.Malformed)]
    [InlineData("jwk", "\"jwk\":[{jwk}]", ProofFault.Malformed)]
    [InlineData("jwk", "\"jwk\":{jwk},\"jwk\":{jwk}", ProofFault.Malformed)]
    [InlineData("jwk", "\"jwk\":{}", ProofFault.BadKey)]
    [InlineData("jwk", "\"jwk\":{in,\"d\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE\"}", ProofFault.BadKey)]
    [InlineData("jwk", "\"jwk\":{in,\"d\":null}", ProofFault.BadKey)]
    [InlineData("jwk", "\"jwk\":{in,\"p\":\"AQAB\"}", ProofFault.BadKey)]
    [InlineData("jwk", "\"jwk\":{in,\"k\":\"AQAB\"}", ProofFault.BadKey)]
    [InlineData("jwk", "\"jwk\":{in,\"x\":\"AQAB\"}", ProofFault.Malformed)]
    [InlineData("jwk", "\"jwk\":{in,\"use\":\"enc\"}", ProofFault.BadKey)]
    [InlineData("jwk", "\"jwk\":{in,\"key_ops\":[\"sign\"]}", ProofFault.BadKey)]
    [InlineData("jwk", "\"jwk\":{in,\"alg\":\"ES384\"}", ProofFault.BadKey)]
    [InlineData("jwk", "\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE\"}", ProofFault.BadKey)]
    [InlineData("jwk", "\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}", ProofFault.BadKey)]
    [InlineData("jwk", "\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs\"}", ProofFault.BadKey)]
    [InlineData("jwk", "\"jwk\":{\"kty\":\"EC\",\"x\":\"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs\",\"y\":\"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA\"}", ProofFault.BadKey)]
    [InlineData("jwk", "\"jwk\":{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs\",\"y\":\"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA\"}", ProofFault.BadKey)]
    [InlineData("jwk", "\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs=\",\"y\":\"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA\"}", ProofFault.BadKey)]
    [InlineData("jwk", "\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA\"}", ProofFault.BadKey)]
    [InlineData("jwk", "\"jwk\":{jwk},\"jku\":\"https://evil.example/jwks\"", ProofFault.ForbiddenHeader)]
    [InlineData("jwk", "\"jwk\":{jwk},\"x5u\":\"https://evil.example/c\"", ProofFault.ForbiddenHeader)]
    [InlineData("jwk", "\"jwk\":{jwk},\"x5c\":[\"MIIB\"]", ProofFault.ForbiddenHeader)]
    [InlineData("jwk", "\"jwk\":{jwk},\"crit\":[\"x\"],\"x\":1", ProofFault.ForbiddenHeader)]
    [InlineData("jwk", "\"jwk\":{jwk},\"b64\":false,\"crit\":[\"b64\"]", ProofFault.ForbiddenHeader)]
    [InlineData("jwk", "\"jwk\":{jwk},\"zip\":\"DEF\"", ProofFault.ForbiddenHeader)]
    [InlineData("jwk", "\"jwk\":{jwk},\"cty\":\"JWT\"", ProofFault.ForbiddenHeader)]
    public void A_proof_with_a_wrong_header_is_refused(string member, string text, ProofFault fault)
    {
        var filled = text.Replace("{in", stage.Jwk[..^1], StringComparison.Ordinal).Replace("{jwk}", stage.Jwk, StringComparison.Ordinal);
        Assert.Equal(fault, ProofStage.FaultOf(stage.Check(stage.ProofWithHeader(member, filled), stage.Request with { BoundTo = null })));
    }

    [Theory]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE")]
    [InlineData("__________________________________________8", "__________________________________________8")]
    [InlineData("l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs", "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDE")]
    public void A_point_that_is_not_on_the_curve_is_no_key(string x, string y)
    {
        var proof = stage.ProofWithHeader("jwk", $$"""
            "jwk":{"kty":"EC","crv":"P-256","x":"{{x}}","y":"{{y}}"}
            """);
        Assert.Equal(ProofFault.BadKey, ProofStage.FaultOf(stage.Check(proof, stage.Request with { BoundTo = null })));
    }

    [Theory]
    [InlineData("{h}.{p}", ProofFault.Malformed)]
    [InlineData("{h}.{p}.", ProofFault.Malformed)]
    [InlineData("{h}..{s}", ProofFault.BadSignature)]
    [InlineData(".{p}.{s}", ProofFault.Malformed)]
    [InlineData("{h}.{p}.{s}.", ProofFault.Malformed)]
    [InlineData("{h}.{p}.{s}.{s}", ProofFault.Malformed)]
    [InlineData("{h}.{p}.{s}.{s}.{s}", ProofFault.Malformed)]
    [InlineData("{h}=.{p}.{s}", ProofFault.Malformed)]
    [InlineData("{h}.{p}.{s}==", ProofFault.Malformed)]
    [InlineData(" {h}.{p}.{s}", ProofFault.Malformed)]
    [InlineData("{h}.{p}.{s} ", ProofFault.Malformed)]
    [InlineData("{h}.{p}.\n{s}", ProofFault.Malformed)]
    [InlineData("{h}.{p}.{s},{h}.{p}.{s}", ProofFault.Malformed)]
    [InlineData("{h}.{p}.{s}, {h}.{p}.{s}", ProofFault.Malformed)]
    [InlineData("\u00e9{h}.{p}.{s}", ProofFault.Malformed)]
    [InlineData("{h}.{p}.{s}\0", ProofFault.Malformed)]
    [InlineData("{\"protected\":\"{h}\",\"payload\":\"{p}\",\"signature\":\"{s}\"}", ProofFault.Malformed)]
    [InlineData("x", ProofFault.Malformed)]
    [InlineData("{h}.{p}.AAAA", ProofFault.BadSignature)]
    [InlineData("{h}.{p}.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", ProofFault.BadSignature)]
    [InlineData("{h}.e30.{s}", ProofFault.BadSignature)]
    [InlineData("{h}.{p}.{der}", ProofFault.BadSignature)]
    [InlineData("{h}.{p}.{other}", ProofFault.BadSignature)]
    public void A_proof_of_another_form_or_with_another_signature_is_refused(string form, ProofFault fault)
    {
        Assert.Equal(fault, ProofStage.FaultOf(stage.Check(InForm(form))));
        // And again from a client whose header and key are known.
        Assert.IsType<ProofVerdict.Accepted>(stage.Check(stage.Proof()));
        Assert.Equal(fault, ProofStage.FaultOf(stage.Check(InForm(form))));
    }

    private string InForm(string form)
    {
        using var stranger = new ProofStage();
        var parts = stage.Proof().Split('.');
        var signed = $"{parts[0]}.{parts[1]}";
        return form.Replace("{h}", parts[0], StringComparison.Ordinal).Replace("{p}", parts[1], StringComparison.Ordinal).Replace("{s}", parts[2], StringComparison.Ordinal)
            .Replace("{der}", Base64Url.Encode(stage.SignatureOf(signed, DSASignatureFormat.Rfc3279DerSequence)), StringComparison.Ordinal)
            .Replace("{other}", Base64Url.Encode(stranger.SignatureOf(signed, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)), StringComparison.Ordinal);
    }

    [Fact]
    public void Exactly_one_header_holds_the_proof()
    {
        var proof = stage.Proof();
        Assert.Equal(ProofFault.Missing, ProofStage.FaultOf(stage.Validator.Check(0, null, stage.Request)));
        Assert.Equal(ProofFault.Missing, ProofStage.FaultOf(stage.Validator.Check(1, "", stage.Request)));
        Assert.Equal(ProofFault.Several, ProofStage.FaultOf(stage.Validator.Check(2, proof, stage.Request)));
        Assert.IsType<ProofVerdict.Accepted>(stage.Validator.Check(1, proof, stage.Request));
    }

    [Fact]
    public void A_proof_over_4_KiB_is_refused_and_one_of_4_KiB_is_read()
    {
        string Padded(int length) => stage.Proof("jti", $"\"jti\":\"padded\",\"x\":\"{new string('x', length)}\"");
        var padding = Enumerable.Range(2400, 300).First(length => Padded(length).Length > ProofValidator.MostBytes);

        Assert.Equal(ProofFault.TooLarge, ProofStage.FaultOf(stage.Check(Padded(padding))));
        Assert.Equal(ProofFault.TooLarge, ProofStage.FaultOf(stage.Check(new string('A', 1_000_000))));
        Assert.IsType<ProofVerdict.Accepted>(stage.Check(Padded(padding - 1)));
    }

    [Fact]
    public void A_proof_of_another_key_than_the_token_is_bound_to_is_refused()
    {
        using var thief = new ProofStage();
        Assert.Equal(ProofFault.WrongKey, ProofStage.FaultOf(stage.Check(thief.Proof())));
        Assert.Equal(stage.Thumbprint, Assert.IsType<ProofVerdict.Accepted>(stage.Check(stage.Proof(), stage.Request with { BoundTo = null })).Key);
    }

    [Fact]
    public void A_header_that_is_known_from_one_client_is_of_no_use_to_another_or_for_another_token()
    {
        using var thief = new ProofStage();
        Assert.IsType<ProofVerdict.Accepted>(stage.Check(stage.Proof()));
        // The thief sends the client's header and signs with a key of his own.
        Assert.Equal(ProofFault.BadSignature, ProofStage.FaultOf(stage.Check(thief.Sign(ProofStage.TextOf(stage.Header), ProofStage.TextOf(stage.Payload)))));
        Assert.Equal(ProofFault.WrongKey, ProofStage.FaultOf(stage.Check(stage.Proof(), stage.Request with { BoundTo = thief.Thumbprint })));
        Assert.IsType<ProofVerdict.Accepted>(stage.Check(stage.Proof()));
    }

    [Fact]
    public void A_header_is_known_only_behind_a_signature_that_holds_and_up_to_a_bound()
    {
        using var key = Symbolon.Jose.Signatures.Es256SigningKey.Generate();
        var kept = Symbolon.Jose.Keys.VerificationKey.Import(key.PublicKey)!;
        var headers = new KnownHeaders(2);
        headers.Add("a.b.c", kept);
        Assert.Same(kept, headers.Find("a.x.y"));
        Assert.Null(headers.Find("A.b.c"));
        Assert.Null(headers.Find("a"));
        Assert.Null(headers.Find(""));
        foreach (var other in "bcdef") headers.Add($"{other}.b.c", kept);
        Assert.Null(headers.Find("a.b.c"));
        Assert.Same(kept, headers.Find("f.b.c"));
        var large = new string('h', 513) + ".b.c";
        headers.Add(large, kept);
        Assert.Null(headers.Find(large));

        for (var i = 0; i < 2; i++)
        {
            var proof = stage.ProofWithHeader("jwk", $"\"jwk\":{stage.Jwk},\"crit\":[\"x\"]");
            Assert.Equal(ProofFault.ForbiddenHeader, ProofStage.FaultOf(stage.Check(proof)));
        }
    }

    [Fact]
    public void Any_one_changed_character_makes_a_proof_worthless()
    {
        var proof = stage.Proof();
        for (var at = 0; at < proof.Length; at++)
        {
            var changed = proof.ToCharArray();
            changed[at] = changed[at] == 'A' ? 'B' : 'A';
            Assert.IsType<ProofVerdict.Refused>(stage.Check(new string(changed), stage.Request with { BoundTo = null }));
        }
        Assert.IsType<ProofVerdict.Accepted>(stage.Check(proof));
    }

    [Fact]
    public void The_examples_of_RFC_9449_have_their_hashes()
    {
        Assert.Equal("fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo", Sha256Value.Of(Encoding.ASCII.GetBytes(ProofStage.Token)).ToString());
        var key = """{"kty":"EC","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","crv":"P-256"}"""u8;
        Assert.Equal(JoseError.None, Symbolon.Jose.Keys.Jwk.Parse(key, out var jwk));
        Assert.Equal("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I", jwk!.Thumbprint.ToString());
    }
}
