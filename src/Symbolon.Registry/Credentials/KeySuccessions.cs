using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Credentials;

/// <summary>
/// An instance puts another key in the place of its own. The old one vouches for it once, and gets tokens for a while yet, so that no call fails meanwhile. A second key for
/// which it vouches means that two have it: all of them end, as with a code.
/// </summary>
public sealed class KeySuccessions(Configuration configuration, EnrolmentDesk desk, KeyHolders holders, EnrolmentRecords records, IChangeLog log, TimeProvider clock)
{
    private const int Tries = 20;

    /// <summary>Microseconds. A runtime that replaces its key without end fills nobody's disk.</summary>
    private const long LeastAge = 5 * 1_000_000L;

    private static readonly EnrolmentOutcome.Refused NotServed = new("The server is not active, its approved file does not say credential.mode exchange, or this key is not enrolled.");
    private static readonly EnrolmentOutcome.Refused Taken = new("This key already serves another, or did once. Make a new key each time.");
    private static readonly EnrolmentOutcome.Refused Contested = new("Another key was put in the place of this one before, so none of them is taken any more. Somebody else has had it; the owner was told.");
    private static readonly EnrolmentOutcome.Refused TooSoon = new("A key that is younger than 5 s is not replaced.");
    private static readonly EnrolmentOutcome.Refused TooMany = new($"The server's instances have had {ServerKeysObject.MostKept} keys within minutes. Replace them less often.");
    private static readonly EnrolmentOutcome.Refused Busy = new("Many keys are enrolled at this moment. Try again.");

    public async Task<EnrolmentOutcome> SucceedAsync(KeySuccession succession, CancellationToken cancellation)
    {
        var isTaken = false;
        for (var trial = 0; trial < Tries; trial++)
        {
            var (keys, version) = await desk.FindAsync(succession.Organisation, succession.Server, cancellation);
            var (outcome, next, beside) = Decide(succession, keys, isTaken);
            Change[] put = next is null ? [] : [new Change.PutObject(next.Key, version, next)];
            var isNew = next is not null && outcome is EnrolmentOutcome.Enrolled;
            var uses = EnrolmentRecords.Uses(succession.Uses, isNew ? EnrolmentRecords.Once(succession.Organisation, succession.Key.ToString()) : null);
            switch (await log.CommitAsync(succession.Organisation, [.. put, .. beside, .. uses], [RecordOf(succession, outcome, next is not null)], cancellation))
            {
                case CommitResult.Committed: return outcome is EnrolmentOutcome.Refused refused ? refused with { IsRecorded = true } : outcome;
                case CommitResult.Conflict { Change: Change.UseProof used } when succession.Uses.Contains(used.Use): return new EnrolmentOutcome.Replayed();
                case CommitResult.Conflict { Change: Change.UseProof }: isTaken = true; break;
            }
        }
        return Busy;
    }

    private AuditEvent RecordOf(KeySuccession succession, EnrolmentOutcome outcome, bool isChange)
    {
        var what = outcome is EnrolmentOutcome.Enrolled && !isChange ? $"ask about the key {succession.Key}" : $"put the key {succession.Key} in the place of {succession.Predecessor}";
        return records.Of(succession.Organisation, succession.Server, succession.Peer, outcome is EnrolmentOutcome.Refused refused ? $"{what} refused: {refused.Message}" : what, outcome is EnrolmentOutcome.Enrolled);
    }

    private (EnrolmentOutcome Outcome, ServerKeysObject? Next, IReadOnlyList<Change> Beside) Decide(KeySuccession succession, ServerKeysObject keys, bool isTaken)
    {
        var now = clock.Microseconds();
        var key = succession.Key.ToString();
        if (EnrolmentDesk.Refuse(configuration.Server(succession.Organisation, keys.Server), keys.Server) is not null
            || keys.AskingAt(now).Concat(keys.FormerAt(now)).FirstOrDefault(each => each.Thumbprint == succession.Predecessor.ToString()) is not { } old || holders.IsRevoked(succession.Organisation, old.Thumbprint))
            return (NotServed, null, []);
        var credential = (UpstreamCredential.Exchange)configuration.Server(succession.Organisation, keys.Server)!.Approved!.Manifest.Credential;
        if (key == old.Thumbprint) return (keys.AskingAt(now).Contains(old) ? new EnrolmentOutcome.Enrolled(keys.Server, old, credential) : NotServed, null, []);
        if (keys.SuccessorOf(old) is { } successor)
            return successor.Thumbprint == key && successor.ReplacedAt is null ? (new EnrolmentOutcome.Enrolled(keys.Server, successor, credential), null, []) : Contest(succession, keys, old.Thumbprint);
        // An administrator's code has put another in its place, or its platform says who it is, and for how long.
        if (old.ReplacedAt is not null || old.Until is not null) return (NotServed, null, []);
        if (now < old.EnrolledAt + LeastAge) return (TooSoon, null, []);
        if (isTaken || holders.IsTaken(succession.Organisation, key)) return (Taken, null, []);
        var instance = new ServerInstance { Name = old.Name, Thumbprint = key, Jwk = succession.Jwk, EnrolledAt = now, EnrolledBy = ClientId.Of(keys.Server).Value, Predecessor = old.Thumbprint };
        var kept = Bounded(desk.Cleared(succession.Organisation, keys), now);
        if (kept.Instances.Length >= ServerKeysObject.MostKept) return (TooMany, null, []);
        return (new EnrolmentOutcome.Enrolled(keys.Server, instance, credential), kept with { Instances = [.. kept.Instances.Replace(old, old with { ReplacedAt = now }), instance] }, []);
    }

    /// <summary>Keys that come every few seconds push out those that can do nothing any more, and none that can.</summary>
    private static ServerKeysObject Bounded(ServerKeysObject keys, long now) => keys.Instances.Length < ServerKeysObject.MostKept ? keys
        : keys with { Instances = keys.Instances.RemoveAll(each => each.ReplacedAt + ServerKeysObject.Overlap <= now) };

    private (EnrolmentOutcome, ServerKeysObject, IReadOnlyList<Change>) Contest(KeySuccession succession, ServerKeysObject keys, string old)
    {
        var (next, beside) = records.Contest(succession.Organisation, keys, old, succession.Key.ToString());
        return (Contested, next, beside);
    }
}
