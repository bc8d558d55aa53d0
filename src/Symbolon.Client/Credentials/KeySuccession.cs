using Symbolon.Client.Http;
using Symbolon.Client.Keys;

namespace Symbolon.Client.Credentials;

/// <summary>
/// Puts another key in the place of the instance's own: the old one vouches for it. The new one is on the disk before Symbolon hears of it, so that a process which is
/// killed at any point goes on with whichever of the two is enrolled.
/// </summary>
internal sealed class KeySuccession(KeyFiles files, SymbolonAddress symbolon, HttpClient http, TimeProvider clock)
{
    /// <param name="from">The key that is enrolled so far, with whom it is.</param>
    /// <returns>The new key, in the place of the old one on the disk too; or why there is none.</returns>
    public async Task<(InstanceKey? Key, EnrolledInstance? Enrolled, SymbolonAnswer.Failed? Why)> TryAsync(TokenRequests from, EnrolledInstance enrolled, CancellationToken cancellation)
    {
        var next = InstanceKey.OpenOrCreate(files.Next);
        var answer = await AskAsync(from, next, cancellation);
        // A process that was killed may have been heard, and the old key is not asked for long after that: the new one then speaks for itself.
        if (answer is SymbolonAnswer.Failed { Code: "invalid_client" }) answer = await AskAsync(new TokenRequests(symbolon, next, enrolled.Client, Requests(next), clock), next, cancellation);
        if (answer is SymbolonAnswer.Failed failed)
        {
            next.Dispose();
            return (null, null, failed);
        }
        var taken = Enrolment.Check(EnrolledInstance.Read(((SymbolonAnswer.Given)answer).Body), symbolon, next);
        taken.Save(files.Enrolled);
        files.Swap();
        return (next, taken, null);
    }

    private Task<SymbolonAnswer> AskAsync(TokenRequests by, InstanceKey next, CancellationToken cancellation) =>
        Requests(next).PostAsync(symbolon.Rotation, () => by.SignedIn(next), trace: null, cancellation);

    private SignedRequests Requests(InstanceKey key) => new(key, http, new NonceMemory(), clock);
}
