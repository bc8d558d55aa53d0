using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Audit;

/// <summary>
/// Verifies the chain of this store in the background, piece by piece from its first record to the end that it had when it was asked for.
/// One run at a time; the last result is kept in this process, so another node has its own.
/// </summary>
internal sealed partial class ChainCheck(IAuditStore store, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<ChainCheck> log)
{
    private const int AtOnce = 500;

    private readonly Lock gate = new();
    private readonly Dictionary<OrganisationId, ChainCheckResponse> states = [];

    public ChainCheckResponse StateOf(OrganisationId organisation)
    {
        lock (gate) return states.GetValueOrDefault(organisation, ChainCheckResponse.Never);
    }

    /// <summary>Starts a run, unless one is under way.</summary>
    public async Task<ChainCheckResponse> StartAsync(OrganisationId organisation, CancellationToken cancellation)
    {
        var (head, hash) = await store.HeadAsync(organisation, cancellation);
        var begun = new ChainCheckResponse("running", 0, head, clock.GetUtcNow());
        lock (gate)
        {
            if (states.TryGetValue(organisation, out var known) && known.State == "running") return known;
            states[organisation] = begun;
        }
        _ = Task.Run(() => RunAsync(organisation, begun, hash), CancellationToken.None);
        return begun;
    }

    private async Task RunAsync(OrganisationId organisation, ChainCheckResponse begun, byte[] hash)
    {
        try
        {
            Keep(organisation, await VerifyAsync(organisation, begun, hash, lifetime.ApplicationStopping) with { FinishedAt = clock.GetUtcNow() });
        }
        catch (OperationCanceledException)
        {
            // The server stops, and what this process knew goes with it.
        }
        catch (Exception e)
        {
            if (e is not StoreUnavailableException) LogFailed(e);
            Keep(organisation, StateOf(organisation) with { State = "unreadable", FinishedAt = clock.GetUtcNow(), Fault = "The store could not be read. Start again." });
        }
    }

    private async Task<ChainCheckResponse> VerifyAsync(OrganisationId organisation, ChainCheckResponse begun, byte[] hash, CancellationToken cancellation)
    {
        var verifier = new ChainVerifier();
        var query = new AuditQuery { Highest = begun.Of };
        while (verifier.LastSeq < begun.Of)
        {
            var records = await store.ReadAsync(organisation, query, verifier.LastSeq, descending: false, AtOnce, cancellation);
            if (records.Count == 0) return Tampered(verifier.LastSeq + 1, "it is missing");
            foreach (var record in records)
            {
                if (verifier.LastSeq == 0 && record.Seq != 1) return Tampered(1, "it is missing");
                if (verifier.Add(record.Json) is { } fault) return Failed(fault.Kind == ChainFaultKind.Tampered ? "tampered" : "unreadable", record.Seq, fault.Why);
                if (!verifier.Hash.SequenceEqual(record.Hash.Span)) return Tampered(record.Seq, "the hash beside it is not its own");
            }
            Keep(organisation, begun with { VerifiedTo = verifier.LastSeq });
        }
        // A chain that was cut and chained anew is still one; the store keeps its end apart.
        if (!verifier.Hash.SequenceEqual(hash)) return Tampered(begun.Of, "it is not the end of the chain that the store knows");
        return begun with { State = "verified", VerifiedTo = verifier.LastSeq, Hash = Convert.ToHexStringLower(verifier.Hash) };

        ChainCheckResponse Tampered(long seq, string why) => Failed("tampered", seq, why);

        ChainCheckResponse Failed(string state, long seq, string why) => begun with { State = state, VerifiedTo = verifier.LastSeq, FaultAt = seq, Fault = $"Record {seq}: {why}." };
    }

    private void Keep(OrganisationId organisation, ChainCheckResponse state)
    {
        lock (gate) states[organisation] = state;
    }

    [LoggerMessage(EventId = 4101, Level = LogLevel.Error, Message = "Verifying the audit failed")]
    private partial void LogFailed(Exception exception);
}
