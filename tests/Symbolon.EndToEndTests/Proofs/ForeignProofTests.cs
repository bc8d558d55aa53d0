using System.Globalization;
using System.Text;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Jose;
using Symbolon.Jose.Proofs;
using Symbolon.Testing.Fakes;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Proofs;

/// <summary>Proofs that npm's jose has made, with keys of its own.</summary>
[Trait("area", "oauth")]
[Trait("clause", "RFC 9449 §4.3")]
public sealed class ForeignProofTests
{
    private const string Url = "https://symbolon.example/mcp/deploy";
    private const int Count = 20;

    private readonly ProofNonces nonces = new(new FakeSecretBox(), TimeProvider.System);

    [Theory]
    [InlineData("", false)]
    [InlineData("a.token.of-ours", false)]
    [InlineData("a.token.of-ours", true)]
    public async Task Proofs_of_another_library_are_accepted_once_and_for_their_own_request_alone(string token, bool withNonce)
    {
        var validator = new ProofValidator(nonces, TimeProvider.System);
        var request = new ProofRequest
        {
            Organisation = OrganisationId.Default, Method = "POST", Target = ProofTarget.Of(Url), NeedsNonce = withNonce,
            AccessToken = token.Length > 0 ? Sha256Value.Of(Encoding.ASCII.GetBytes(token)) : null,
        };
        var lines = await MakeAsync("POST", Url, token, withNonce ? nonces.Current(OrganisationId.Default) : "");
        foreach (var line in lines)
        {
            var (thumbprint, proof) = (line.Split(' ')[0], line.Split(' ')[1]);
            Assert.True(Sha256Value.TryParse(Encoding.ASCII.GetBytes(thumbprint), out var key));
            Assert.Equal(ProofFault.WrongMethod, FaultOf(validator.Check(1, proof, request with { Method = "GET" })));
            Assert.Equal(ProofFault.WrongUrl, FaultOf(validator.Check(1, proof, request with { Target = ProofTarget.Of(Url + "s") })));
            Assert.Equal(ProofFault.WrongToken, FaultOf(validator.Check(1, proof, request with { AccessToken = Sha256Value.Of("another"u8) })));
            Assert.Equal(ProofFault.WrongKey, FaultOf(validator.Check(1, proof, request with { BoundTo = Sha256Value.Of("another"u8) })));
            Assert.Equal(key, Assert.IsType<ProofVerdict.Accepted>(validator.Check(1, proof, request with { BoundTo = key })).Key);
            Assert.Equal(ProofFault.Replayed, FaultOf(validator.Check(1, proof, request with { BoundTo = key })));
        }
    }

    private static async Task<IReadOnlyList<string>> MakeAsync(string method, string url, string token, string nonce)
    {
        await using var node = NodeProgram.Start([NodeProgram.File("proofs.mjs"), method, url, token, nonce, Count.ToString(CultureInfo.InvariantCulture)]);
        Assert.Equal(0, await node.ExitAsync(TimeSpan.FromMinutes(1)));
        Assert.Equal(Count, node.Output.Count);
        return [.. node.Output];
    }

    private static ProofFault? FaultOf(ProofVerdict verdict) => (verdict as ProofVerdict.Refused)?.Refusal.Fault;
}
