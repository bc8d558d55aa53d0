using Symbolon.Client.Http;
using Symbolon.Client.Keys;

namespace Symbolon.Client.Credentials;

/// <summary>
/// Makes the instance known: the code of the owner and a proof of the key, which is on the disk before. The claim may be made again with the same key as long
/// as the code lives, so an answer that is lost costs nothing.
/// </summary>
internal sealed class Enrolment(SymbolonAddress symbolon, InstanceKey key, SignedRequests requests, TimeProvider clock)
{
    private const int Attempts = 3;

    /// <exception cref="SymbolonException">The code is not accepted, or Symbolon cannot be reached or does not answer as it should.</exception>
    public async Task<EnrolledInstance> ClaimAsync(string code, string? instance, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await requests.PostAsync(symbolon.Enrolment, () => Form(code, instance), trace: null, cancellation);
            if (answer is SymbolonAnswer.Given given) return Check(EnrolledInstance.Read(given.Body), symbolon, key);
            var failed = (SymbolonAnswer.Failed)answer;
            // A code that was given this second is not known on every node yet.
            var mayPass = failed.Code is "unreachable" or "temporarily_unavailable" || (failed.Code == "invalid_grant" && attempt == 1);
            if (!mayPass || attempt == Attempts) throw failed.ToException();
            await Task.Delay(TimeSpan.FromSeconds(attempt), clock, cancellation);
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Form(string code, string? instance)
    {
        yield return new("code", code);
        if (instance is not null) yield return new("instance", instance);
    }

    /// <summary>An answer that speaks for another issuer or another key is none for us (RFC 9700 §4.4).</summary>
    public static EnrolledInstance Check(EnrolledInstance? found, SymbolonAddress symbolon, InstanceKey key)
    {
        if (found is null) throw new SymbolonException("invalid_answer", "Symbolon's answer to the enrolment has no client_id of a server, issuer, key and audience.");
        if (found.Issuer != symbolon.Issuer) throw new SymbolonException("invalid_answer", $"The enrolment was answered for the issuer {found.Issuer}, and was asked of {symbolon.Issuer}.");
        if (found.Key != key.Thumbprint) throw new SymbolonException("invalid_answer", "The enrolment was answered for another key.");
        SymbolonAddress.Check(found.Audience, "audience");
        return found;
    }
}
