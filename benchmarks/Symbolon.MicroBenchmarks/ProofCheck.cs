using System.Text;
using BenchmarkDotNet.Attributes;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Jose;
using Symbolon.Jose.Keys;
using Symbolon.Jose.Proofs;
using Symbolon.Jose.Signatures;
using Symbolon.Testing.Fakes;

namespace Symbolon.MicroBenchmarks;

/// <summary>
/// A proof on the way of a call (P8): what it takes to verify its signature with a key that is kept, everything that is checked about it, and its row in
/// the transaction of the call's record.
/// </summary>
public class ProofCheck : IDisposable
{
    // More than the validator remembers, so that each is new to it when its turn comes again.
    private const int Proofs = 4096;
    private const string Url = "https://symbolon.example/mcp/records";

    private readonly FakeClock clock = new();
    private readonly string[] proofs = new string[Proofs];
    private FilledProofs rows = null!;
    private ProofValidator validator = null!;
    private ProofRequest request;
    private VerificationKey key = null!;
    private readonly (byte[] Signed, byte[] Signature)[] parts = new (byte[], byte[])[Proofs];
    private readonly Es256SigningKey holder = Es256SigningKey.Generate();
    private readonly byte[] claims = new byte[500];
    private int next;

    [GlobalSetup]
    public void Setup()
    {
        var token = Sha256Value.Of("an access token"u8);
        for (var i = 0; i < Proofs; i++)
        {
            proofs[i] = holder.Sign("dpop+jwt", Encoding.ASCII.GetBytes(
                $$"""{"jti":"{{Guid.NewGuid()}}","htm":"POST","htu":"{{Url}}","iat":{{clock.GetUtcNow().ToUnixTimeSeconds()}},"ath":"{{token}}"}"""), carriesKey: true);
        }
        validator = new ProofValidator(new ProofNonces(new FakeSecretBox(), clock), clock, new ProofLimits { Proofs = Proofs / 4 });
        request = new ProofRequest
        {
            Organisation = OrganisationId.Default, Method = "POST", Target = ProofTarget.Of(Url), AccessToken = token, BoundTo = holder.PublicKey.Thumbprint,
        };
        key = VerificationKey.Import(holder.PublicKey)!;
        for (var i = 0; i < Proofs; i++)
        {
            var end = proofs[i].LastIndexOf('.');
            parts[i] = (Encoding.ASCII.GetBytes(proofs[i][..end]), Base64Url.Decode(Encoding.ASCII.GetBytes(proofs[i][(end + 1)..]))!);
        }
        if (!VerifyAlone() || !CheckProof()) throw new InvalidOperationException("The proof does not hold.");
        rows = new FilledProofs();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        rows?.Dispose();
        holder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Of the same proofs in the same order as <see cref="CheckProof"/>: one signature again and again would cost less than those of a client do.</summary>
    [Benchmark]
    public bool VerifyAlone()
    {
        var (signed, signature) = parts[next++ % Proofs];
        return key.Verify(signed, signature);
    }

    /// <summary>What a proof by a new key costs at least: its key is not kept yet.</summary>
    [Benchmark]
    public bool ImportAndVerify()
    {
        var (signed, signature) = parts[next++ % Proofs];
        return VerificationKey.Import(holder.PublicKey)!.Verify(signed, signature);
    }

    /// <summary>What a token costs at least.</summary>
    [Benchmark]
    public string Sign() => holder.Sign("at+jwt", claims);

    [Benchmark]
    public bool CheckProof() => validator.Check(1, proofs[next++ % Proofs], request) is ProofVerdict.Accepted;

    /// <summary>Rows of 64 calls in one transaction, among those of the last minutes; without the commit, which the records pay for.</summary>
    [Benchmark(OperationsPerInvoke = FilledProofs.InTransaction)]
    public int WriteRow() => rows.Write();
}
