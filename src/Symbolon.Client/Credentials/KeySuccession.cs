using Symbolon.Client.Http;
using Symbolon.Client.Keys;

namespace Symbolon.Client.Credentials;

/// <summary>What became of an instance's key.</summary>
internal abstract record KeyOutcome
{
    private KeyOutcome() { }

    /// <summary>This one counts now: the same as before, or another.</summary>
    public sealed record Counts(InstanceKey Key, EnrolledInstance Enrolled) : KeyOutcome;

    public sealed record Failed(SymbolonAnswer.Failed Why) : KeyOutcome;
}

/// <summary>
/// Puts another key in the place of the instance's own: the old one vouches for it, or the platform does. The new one is on the disk before Symbolon hears of it, so that a
/// process which is killed at any point goes on with whichever of the two is enrolled. Processes that share the file do so one after the other, and take what another has put there.
/// </summary>
/// <param name="platform">Null where the instance came with a code.</param>
internal sealed class KeySuccession(KeyFiles files, SymbolonAddress symbolon, Platform? platform, HttpClient http, TimeProvider clock)
{
    /// <param name="key">The one that is enrolled so far.</param>
    /// <param name="client"><c>server:NAME</c>.</param>
    /// <param name="instance">The name that it has; null for one that never was enrolled and leaves it to Symbolon.</param>
    public async Task<KeyOutcome> ReplaceAsync(InstanceKey key, string client, string? instance, CancellationToken cancellation)
    {
        using var mine = await files.LockAsync(cancellation);
        return Other(key) ?? await ByNextAsync(key, client, instance, cancellation);
    }

    /// <summary>The platform says again that the holder of this key is there; where that is too late for the key, it does so for another.</summary>
    /// <inheritdoc cref="ReplaceAsync"/>
    public async Task<KeyOutcome> RenewAsync(InstanceKey key, string client, string? instance, CancellationToken cancellation)
    {
        using var mine = await files.LockAsync(cancellation);
        if (Other(key) is { } other) key = other.Key;
        try
        {
            var again = await platform!.VouchAsync(key, instance, cancellation);
            again.Save(files.Enrolled);
            return new KeyOutcome.Counts(key, again);
        }
        catch (SymbolonException refused) when (refused.Code == "invalid_grant")
        {
            return await ByNextAsync(key, client, instance, cancellation);
        }
    }

    private KeyOutcome.Counts? Other(InstanceKey key) => files.ReadOther(symbolon.Issuer, key.Thumbprint) is var (found, with) ? new KeyOutcome.Counts(found, with) : null;

    private async Task<KeyOutcome> ByNextAsync(InstanceKey key, string client, string? instance, CancellationToken cancellation)
    {
        var next = InstanceKey.OpenOrCreate(files.Next);
        try
        {
            if (platform is not null) return Taken(await platform.VouchAsync(next, instance, cancellation));
            var answer = await AskAsync(key, next, client, cancellation);
            // A process that was killed may have been heard, and the old key is not asked for long after that: the new one then speaks for itself.
            if (answer is SymbolonAnswer.Failed { Code: "invalid_client" }) answer = await AskAsync(next, next, client, cancellation);
            if (answer is SymbolonAnswer.Given given) return Taken(Enrolment.Check(EnrolledInstance.Read(given.Body), symbolon, next));
            next.Dispose();
            return new KeyOutcome.Failed((SymbolonAnswer.Failed)answer);
        }
        catch
        {
            next.Dispose();
            throw;
        }

        KeyOutcome.Counts Taken(EnrolledInstance taken)
        {
            files.Keep(taken);
            return new KeyOutcome.Counts(next, taken);
        }
    }

    private Task<SymbolonAnswer> AskAsync(InstanceKey by, InstanceKey next, string client, CancellationToken cancellation)
    {
        var requests = new SignedRequests(next, http, new NonceMemory(), clock);
        return requests.PostAsync(symbolon.Rotation, () => new TokenRequests(symbolon, by, client, requests, clock).SignedIn(next), trace: null, cancellation);
    }
}
