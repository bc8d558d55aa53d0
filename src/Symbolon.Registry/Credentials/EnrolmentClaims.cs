using System.Text;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Credentials;

/// <inheritdoc cref="IEnrolments"/>
public sealed class EnrolmentClaims(Configuration configuration, EnrolmentDesk desk, KeyHolders holders, EnrolmentRecords records, KeySuccessions successions, IChangeLog log, IAuditLog audit, TimeProvider clock) : IEnrolments
{
    /// <summary>Each trial that fails is one that somebody else has won; of one code two can win.</summary>
    private const int Tries = 20;

    private static readonly EnrolmentOutcome.Refused NotGood = new("The code is not good: unknown, older than 15 minutes, or used before. Have an administrator give another one.");
    private static readonly EnrolmentOutcome.Refused Contested = new("Two keys came with this code, so neither is taken. Somebody else has seen it; the owner was told.", IsRecorded: true);
    private static readonly EnrolmentOutcome.Refused ContestedBefore = Contested with { IsRecorded = false };
    private static readonly EnrolmentOutcome.Refused Taken = new("This key already serves another, or did once. Make a new key for each instance.");
    private static readonly EnrolmentOutcome.Refused Busy = new("Many keys are enrolled at this moment. Try again.");

    public async Task<EnrolmentOutcome> ClaimAsync(EnrolmentClaim claim, CancellationToken cancellation)
    {
        if (claim.Code.Length != PastedToken.Length || !Ascii.IsValid(claim.Code) || !PastedToken.TryRead(Encoding.ASCII.GetBytes(claim.Code), out var kind) || kind != TokenKind.Enrolment) return NotGood;
        var hash = EnrolmentDesk.HashOf(claim.Code);
        if (configuration.ServerKeys(claim.Organisation).FirstOrDefault(each => each.Codes.Any(code => code.Hash == hash)) is not { Server: var name }) return NotGood;
        for (var trial = 0; trial < Tries; trial++)
        {
            var (keys, version) = await desk.FindAsync(claim.Organisation, name, cancellation);
            var step = Decide(claim, configuration.Server(claim.Organisation, name), keys, hash);
            if (step is not Step.Write write) return await ToldAsync(claim, name, ((Step.Say)step).Outcome);
            Change[] changes = [new Change.PutObject(write.Next.Key, version, write.Next), .. write.Beside];
            switch (await log.CommitAsync(claim.Organisation, changes, [write.Record], cancellation))
            {
                case CommitResult.Committed: return write.Outcome;
                case CommitResult.Conflict { Change: Change.UseProof used }:
                    return used.Use == claim.Proof ? new EnrolmentOutcome.Replayed() : await ToldAsync(claim, name, Taken);
            }
        }
        return Busy;
    }

    public Task<EnrolmentOutcome> SucceedAsync(KeySuccession succession, CancellationToken cancellation) => successions.SucceedAsync(succession, cancellation);

    private Step Decide(EnrolmentClaim claim, ServerObject? server, ServerKeysObject keys, string hash)
    {
        var now = clock.Microseconds();
        var key = claim.Key.ToString();
        if (keys.Codes.FirstOrDefault(each => each.Hash == hash) is not { } code || code.ExpiresAt <= now) return new Step.Say(NotGood);
        if (code.IsContested) return new Step.Say(ContestedBefore);
        if (code.ClaimedBy is { } first && first != key) return Contest(claim, keys, code, first);
        if (EnrolmentDesk.Refuse(server, keys.Server) is not null) return new Step.Say(new EnrolmentOutcome.Refused("The server is not active, or its approved file does not say credential.mode exchange."));
        var credential = (UpstreamCredential.Exchange)server!.Approved!.Manifest.Credential;
        if (code.ClaimedBy is not null)
            return keys.InUseAt(now).FirstOrDefault(each => each.Thumbprint == key) is { } enrolled && !holders.IsRevoked(claim.Organisation, key)
                ? new Step.Say(new EnrolmentOutcome.Enrolled(keys.Server, enrolled, credential)) : new Step.Say(NotGood);
        if (code.Instance is { } named && claim.Instance is { } other && named != other) return new Step.Say(new EnrolmentOutcome.Refused("The code is for an instance of another name."));
        if (holders.IsTaken(claim.Organisation, key)) return new Step.Say(Taken);
        var name = code.Instance ?? claim.Instance ?? NameOf(claim.Key);
        if (code.Instance is null && keys.InUseAt(now).Any(each => each.Name == name))
            return new Step.Say(new EnrolmentOutcome.Refused("There is an instance of this name. To replace its key, have an administrator give a code for it."));
        if (desk.TooMany(claim.Organisation, keys, name) is not null) return new Step.Say(new EnrolmentOutcome.Refused($"The server has {ServerKeysObject.MostInstances} instances already."));
        return Enrol(claim, keys, code, name, credential, now);
    }

    private Step.Write Enrol(EnrolmentClaim claim, ServerKeysObject keys, EnrolmentCode code, string name, UpstreamCredential.Exchange credential, long now)
    {
        var instance = new ServerInstance { Name = name, Thumbprint = claim.Key.ToString(), Jwk = claim.Jwk, EnrolledAt = now, EnrolledBy = code.CreatedBy };
        var kept = desk.Cleared(claim.Organisation, keys);
        var next = kept with
        {
            Codes = kept.Codes.Replace(code, code with { ClaimedAt = now, ClaimedBy = instance.Thumbprint }),
            Instances = kept.InstancesWith(instance, now),
        };
        return new Step.Write(
            next, EnrolmentRecords.Uses([claim.Proof], EnrolmentRecords.Once(claim.Organisation, instance.Thumbprint)), RecordOf(claim, keys.Server, $"enrol instance {name} with the key {instance.Thumbprint}", isAllowed: true),
            new EnrolmentOutcome.Enrolled(keys.Server, instance, credential));
    }

    private Step.Write Contest(EnrolmentClaim claim, ServerKeysObject keys, EnrolmentCode code, string first)
    {
        var (next, beside) = records.Contest(claim.Organisation, keys, first, claim.Key.ToString());
        var replaced = keys.Instances.FirstOrDefault(each => each.Thumbprint == first) is { } taken
            ? keys.Instances.FirstOrDefault(each => each.Name == taken.Name && each.ReplacedAt == taken.EnrolledAt) : null;
        // What it had put aside was nobody's but the instance's.
        if (replaced is not null) next = next with { Instances = next.Instances.Replace(replaced, replaced with { ReplacedAt = null }) };
        return new Step.Write(
            next with { Codes = next.Codes.Replace(code, code with { IsContested = true }) }, beside,
            RecordOf(claim, keys.Server, $"enrol the key {claim.Key} refused, and the key {first} revoked: both came with one code", isAllowed: false), Contested);
    }

    private async Task<EnrolmentOutcome> ToldAsync(EnrolmentClaim claim, ServerName server, EnrolmentOutcome outcome)
    {
        // What is wrong with the code may come in any number and is counted; what is wrong with a key that has a good code is a record.
        if (outcome is not EnrolmentOutcome.Refused refused || refused.IsRecorded || ReferenceEquals(refused, NotGood) || ReferenceEquals(refused, ContestedBefore)) return outcome;
        var record = RecordOf(claim, server, $"enrol the key {claim.Key} refused: {refused.Message}", isAllowed: false);
        audit.Append(record);
        return await record.Durable() ? refused with { IsRecorded = true } : throw new StoreUnavailableException("The refusal cannot be recorded.");
    }

    private AuditEvent RecordOf(EnrolmentClaim claim, ServerName server, string action, bool isAllowed) => records.Of(claim.Organisation, server, claim.Peer, action, isAllowed);

    internal static string NameOf(Symbolon.Jose.Sha256Value key) => "i-" + Convert.ToHexStringLower(key.ToBytes().AsSpan(0, 4));

    private abstract record Step
    {
        public sealed record Say(EnrolmentOutcome Outcome) : Step;

        public sealed record Write(ServerKeysObject Next, IReadOnlyList<Change> Beside, AuditEvent Record, EnrolmentOutcome Outcome) : Step;
    }
}
