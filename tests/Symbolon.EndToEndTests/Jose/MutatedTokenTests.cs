using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Jose;
using Symbolon.Jose.Keys;
using Symbolon.Jose.Signatures;
using Symbolon.Testing;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Jose;

/// <summary>Ten thousand damaged or odd tokens, judged by us and by npm's jose: none may pass here alone.</summary>
[Trait("area", "jose")]
public sealed class MutatedTokenTests
{
    private const int Seed = 20261121;

    [Fact]
    [Trait("clause", "RFC 7515 §5.2")]
    [Trait("long", LongRun.MutatedTokens)]
    public async Task No_mutated_token_is_accepted_by_us_alone()
    {
        using var run = new LongRun(LongRun.MutatedTokens, Seed);
        TokenSigner[] signers = [new("ES256"), new("ES384"), new("RS256"), new("PS256")];
        var keys = signers.ToDictionary(signer => signer.Algorithm, signer => KeyOf(signer.PublicKey));
        var mutations = new TokenMutations(new Random(Seed), signers);
        var tokens = Enumerable.Range(0, TestSize.Of(10_000, 100_000)).Select(_ => mutations.Next()).ToList();

        var theirs = await AskJoseAsync(signers, tokens);
        var ours = tokens.Select(token => IsAccepted(token.Token, keys[token.Signer.Algorithm])).ToList();

        var alone = tokens.Where((_, i) => ours[i] && !theirs[i]).Select(token => $"{token.Signer.Algorithm} {Encoding.Latin1.GetString(token.Token)}").Take(5);
        Assert.Empty(alone);
        var both = ours.Where((accepted, i) => accepted && theirs[i]).Count();
        // A comparison in which everything is refused, or everything passes, would compare nothing.
        Assert.InRange(both, tokens.Count / 20, tokens.Count / 2);
        run.Count("tokens", tokens.Count);
        run.Count("accepted by both", both);
        run.Count("accepted by jose alone", theirs.Where((accepted, i) => accepted && !ours[i]).Count());
        foreach (var signer in signers) signer.Dispose();
        run.Pass();
    }

    private static bool IsAccepted(byte[] token, VerificationKey key) =>
        Jws.Read(token, new JwsProfile { Type = TokenMutations.Type, Algorithms = key.Algorithm }, new byte[token.Length], out var jws) == JoseError.None
        && jws.Verify(key, out _) == JoseError.None;

    private static VerificationKey KeyOf(JsonObject jwk)
    {
        Assert.Equal(JoseError.None, Jwk.Parse(Encoding.UTF8.GetBytes(jwk.ToJsonString()), out var key));
        return VerificationKey.Import(key!)!;
    }

    private static async Task<IReadOnlyList<bool>> AskJoseAsync(IEnumerable<TokenSigner> signers, List<(TokenSigner Signer, byte[] Token)> tokens)
    {
        var file = Path.GetTempFileName();
        try
        {
            var keys = new JsonObject(signers.Select(signer => KeyValuePair.Create(signer.Algorithm, (JsonNode?)signer.PublicKey)));
            await File.WriteAllLinesAsync(file, tokens.Select(token => $"{token.Signer.Algorithm} {TokenMutations.Type} {Base64Url.Encode(token.Token)}").Prepend(keys.ToJsonString()));
            await using var jose = NodeProgram.Start([NodeProgram.File("verify.mjs"), file]);
            Assert.Equal(0, await jose.ExitAsync(TimeSpan.FromMinutes(5)));
            var verdicts = jose.Output.Select(line => line == "1").ToList();
            Assert.Equal(tokens.Count, verdicts.Count);
            return verdicts;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
