using Symbolon.Client.Http;
using Symbolon.Client.Keys;

namespace Symbolon.Client.Credentials;

/// <summary>
/// Makes an instance known: by the code of the owner or by the token of its platform, with a proof of the key, which is on the disk before. The claim may be made again
/// with the same key, so an answer that is lost costs nothing.
/// </summary>
internal sealed class Enrolment(SymbolonAddress symbolon, HttpClient http, TimeProvider clock)
{
    private const int Attempts = 3;

    /// <param name="instance">The name that it shall have; null leaves it to Symbolon.</param>
    /// <exception cref="SymbolonException">The code is not accepted, or Symbolon cannot be reached or does not answer as it should.</exception>
    public Task<EnrolledInstance> ByCodeAsync(InstanceKey key, string code, string? instance, CancellationToken cancellation) =>
        ClaimAsync(key, [new("code", code), .. Named(instance)], cancellation);

    /// <param name="server">The one whose instance it is.</param>
    /// <exception cref="SymbolonException">The platform gave no token, it is not accepted, or Symbolon cannot be reached or does not answer as it should.</exception>
    public async Task<EnrolledInstance> ByPlatformAsync(InstanceKey key, string server, string token, string? instance, CancellationToken cancellation)
    {
        var client = EnrolledInstance.ServerPrefix + server;
        var enrolled = await ClaimAsync(key, [new("client_id", client), new("assertion", token), .. Named(instance)], cancellation);
        return enrolled.Client == client ? enrolled : throw new SymbolonException("invalid_answer", $"The enrolment was answered for {enrolled.Client}, and was asked for {client}.");
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

    private async Task<EnrolledInstance> ClaimAsync(InstanceKey key, KeyValuePair<string, string>[] form, CancellationToken cancellation)
    {
        var requests = new SignedRequests(key, http, new NonceMemory(), clock);
        for (var attempt = 1; ; attempt++)
        {
            var answer = await requests.PostAsync(symbolon.Enrolment, () => form, trace: null, cancellation);
            if (answer is SymbolonAnswer.Given given) return Check(EnrolledInstance.Read(given.Body), symbolon, key);
            var failed = (SymbolonAnswer.Failed)answer;
            // A code that was given this second is not known on every node yet.
            var mayPass = failed.Code is "unreachable" or "temporarily_unavailable" || (failed.Code == "invalid_grant" && attempt == 1);
            if (!mayPass || attempt == Attempts) throw failed.ToException();
            await Task.Delay(TimeSpan.FromSeconds(attempt), clock, cancellation);
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Named(string? instance) => instance is null ? [] : [new("instance", instance)];
}
