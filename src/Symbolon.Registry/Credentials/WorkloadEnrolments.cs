using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Credentials;

/// <summary>
/// Enrols instances of servers that their platform vouches for. A key counts for an hour, or as long as the server's credential lives where that is longer; the same key again
/// counts on, so that an instance that is gone loses its key by itself.
/// </summary>
public sealed class WorkloadEnrolments(Configuration configuration, EnrolmentDesk desk, KeyHolders holders, EnrolmentRecords records, IChangeLog log, IAuditLog audit, TimeProvider clock) : IWorkloadEnrolments
{
    private const int Tries = 20;
    private const int MostShown = 256;

    /// <summary>Microseconds that a key counts at least.</summary>
    private const long LeastLife = 3600 * 1_000_000L;

    /// <summary>Microseconds after which the store forgets that a key was enrolled; no list has it any more by then.</summary>
    private const long Remembered = 30 * 24 * LeastLife;

    private static readonly EnrolmentOutcome.Refused NotNamed = new("No approved file of a server of this name says credential.federation with the subject of the assertion.");
    private static readonly EnrolmentOutcome.Refused NotActive = new("The server is not active, so none of its instances can enrol.");
    private static readonly EnrolmentOutcome.Refused Taken = new("This key already serves another, or did once. Make a new key for each instance.");
    private static readonly EnrolmentOutcome.Refused OtherName = new("This key is that of an instance of another name.");
    private static readonly EnrolmentOutcome.Refused NameTaken = new("There is an instance of this name that came in another way.");
    private static readonly EnrolmentOutcome.Refused Full = new($"The server has {ServerKeysObject.MostInstances} instances already, or had {ServerKeysObject.MostKept} within hours.");
    private static readonly EnrolmentOutcome.Refused Busy = new("Many keys are enrolled at this moment. Try again.");

    public async Task<EnrolmentOutcome> EnrolAsync(WorkloadEnrolment enrolment, CancellationToken cancellation)
    {
        for (var trial = 0; trial < Tries; trial++)
        {
            if (CredentialOf(enrolment) is not { } credential) return await RefuseAsync(enrolment, NotNamed);
            if (EnrolmentDesk.Refuse(configuration.Server(enrolment.Organisation, enrolment.Server), enrolment.Server) is not null) return await RefuseAsync(enrolment, NotActive);
            var (found, version) = await desk.FindAsync(enrolment.Organisation, enrolment.Server, cancellation);
            var keys = desk.Cleared(enrolment.Organisation, found);
            var step = Decide(enrolment, credential, keys);
            if (step is not Step.Take(var instance, var isNew)) return await RefuseAsync(enrolment, ((Step.Refuse)step).Why);
            var next = Next(keys, instance, isNew);
            var once = isNew ? EnrolmentRecords.Once(enrolment.Organisation, instance.Thumbprint, clock.Microseconds() + Remembered) : null;
            var record = RecordOf(enrolment, $"{(isNew ? "enrol" : "keep")} instance {instance.Name} with the key {instance.Thumbprint}", isAllowed: true);
            switch (await log.CommitAsync(enrolment.Organisation, [new Change.PutObject(next.Key, version, next), .. EnrolmentRecords.Uses([enrolment.Proof], once)], [record], cancellation))
            {
                case CommitResult.Committed: return new EnrolmentOutcome.Enrolled(enrolment.Server, instance, credential);
                case CommitResult.Conflict { Change: Change.UseProof used }: return used.Use == enrolment.Proof ? new EnrolmentOutcome.Replayed() : await RefuseAsync(enrolment, Taken);
            }
        }
        return Busy;
    }

    /// <summary>As reviewers have approved it: who may enrol is theirs to say.</summary>
    private UpstreamCredential.Exchange? CredentialOf(WorkloadEnrolment enrolment) =>
        configuration.Server(enrolment.Organisation, enrolment.Server)?.Approved?.Manifest.Credential is UpstreamCredential.Exchange credential
        && credential.Federation.Any(each => each.Issuer == enrolment.Issuer && each.Subject.Matches(enrolment.Subject)) ? credential : null;

    private Step Decide(WorkloadEnrolment enrolment, UpstreamCredential.Exchange credential, ServerKeysObject keys)
    {
        var now = clock.Microseconds();
        var until = now + Math.Max(LeastLife, credential.TtlSeconds * 1_000_000);
        var (key, by) = (enrolment.Key.ToString(), ServerInstance.ByPlatform(enrolment.Issuer, enrolment.Subject));
        if (keys.Instances.FirstOrDefault(each => each.Thumbprint == key) is { } known)
        {
            if (known.ReplacedAt is not null || known.Until is null || known.EnrolledBy != by) return new Step.Refuse(Taken);
            if (enrolment.Instance is { } named && named != known.Name) return new Step.Refuse(OtherName);
            return keys.InUseAt(now).Any(each => each.Name == known.Name && each.Thumbprint != key) ? new Step.Refuse(Taken) : new Step.Take(known with { Until = until }, IsNew: false);
        }
        if (holders.IsTaken(enrolment.Organisation, key)) return new Step.Refuse(Taken);
        var name = enrolment.Instance ?? EnrolmentClaims.NameOf(enrolment.Key);
        // One that the same platform calls by the same name has started anew.
        if (keys.InUseAt(now).Any(each => each.Name == name && each.EnrolledBy != by)) return new Step.Refuse(NameTaken);
        if (keys.Instances.Length >= ServerKeysObject.MostKept || desk.TooMany(enrolment.Organisation, keys, name) is not null) return new Step.Refuse(Full);
        return new Step.Take(new ServerInstance { Name = name, Thumbprint = key, Jwk = enrolment.Jwk, EnrolledAt = now, EnrolledBy = by, Until = until }, IsNew: true);
    }

    private ServerKeysObject Next(ServerKeysObject keys, ServerInstance instance, bool isNew) => keys with
    {
        Instances = isNew ? keys.InstancesWith(instance, clock.Microseconds()) : [.. keys.Instances.Select(each => each.Thumbprint == instance.Thumbprint ? instance : each)],
    };

    private async Task<EnrolmentOutcome> RefuseAsync(WorkloadEnrolment enrolment, EnrolmentOutcome.Refused refused)
    {
        var record = RecordOf(enrolment, $"enrol the key {enrolment.Key} refused: {refused.Message}", isAllowed: false);
        audit.Append(record);
        return await record.Durable() ? refused with { IsRecorded = true } : throw new StoreUnavailableException("The refusal cannot be recorded.");
    }

    private AuditEvent RecordOf(WorkloadEnrolment enrolment, string action, bool isAllowed)
    {
        var record = records.Of(enrolment.Organisation, enrolment.Server, enrolment.Peer, action, isAllowed);
        record.Reason = $"as {(enrolment.Subject.Length > MostShown ? enrolment.Subject[..MostShown] + "..." : enrolment.Subject)} of issuer {enrolment.Issuer}";
        return record;
    }

    private abstract record Step
    {
        public sealed record Refuse(EnrolmentOutcome.Refused Why) : Step;

        public sealed record Take(ServerInstance Instance, bool IsNew) : Step;
    }
}
