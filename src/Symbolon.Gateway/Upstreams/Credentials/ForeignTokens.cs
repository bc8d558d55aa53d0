using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.Gateway.Upstreams.Credentials;

/// <summary>
/// The tokens of other authorization servers that servers under them are shown: one for each caller's token and version of a server, kept for at most five minutes, asked for once however many
/// calls wait for it. None is shown of a server's version before, over a suspension, or of a client's secret that was replaced. DESIGN.md section 4, Identities on the way.
/// </summary>
internal sealed partial class ForeignTokens : IDisposable
{
    private const int MostKept = 4096;

    /// <summary>A token is not shown any more so long before it ends, in microseconds, or in the last third of a short one: the call takes its time.</summary>
    private const long Rest = 30_000_000;

    /// <summary>Microseconds: what is said at the other authorization server meanwhile, nobody tells us.</summary>
    private const long MostUse = 300_000_000;

    /// <summary>Seconds: what is longer is as good as this.</summary>
    private const long LongLife = 3600;

    /// <summary>For so long who comes next is answered with a failure of before, in microseconds.</summary>
    private const long Remembered = 2_000_000;

    /// <summary>Between two lines in the log about the same failure of a server, in microseconds.</summary>
    private const long Quiet = 60_000_000;

    /// <summary>A shorter one would be found in what has nothing to do with it.</summary>
    private const int Shortest = 8;

    private readonly ConcurrentDictionary<Place, Slot> kept = new();
    private readonly ConcurrentDictionary<Place, CredentialHeader> own = new();
    private readonly ConcurrentDictionary<(OrganisationId, ServerName), Failure> failures = new();
    private readonly ForeignRequests requests;
    private readonly UpstreamCredentials secrets;
    private readonly Configuration configuration;
    private readonly IAuditLog audit;
    private readonly TimeProvider clock;
    private readonly ILogger<ForeignTokens> log;

    public ForeignTokens(ForeignRequests requests, UpstreamCredentials secrets, Configuration configuration, IAuditLog audit, TimeProvider clock, ILogger<ForeignTokens> log)
    {
        (this.requests, this.secrets, this.configuration, this.audit, this.clock, this.log) = (requests, secrets, configuration, audit, clock, log);
        configuration.Changed += ForgetUnapproved;
    }

    internal int Count => kept.Count;

    /// <summary>At once where there is a token already; else when the one request that all wait for is answered.</summary>
    /// <param name="caller">Null for what the gateway asks for itself.</param>
    /// <param name="now">Microseconds since the Unix epoch.</param>
    public ValueTask<CredentialHeader> FindAsync(Upstream upstream, TokenRecord? caller, long now, CancellationToken cancellation)
    {
        if (Refuse(upstream, now, out var at) is { } refused) return new(refused);
        var place = PlaceOf(upstream, at, caller);
        return kept.TryGetValue(place, out var slot) && slot.Look(now) is { } known ? new(known) : new(AskAsync(place, at, caller).WaitAsync(cancellation));
    }

    /// <summary>For what lasts. Always the same one for a version of a server, whatever token it shows at the moment.</summary>
    /// <param name="now">Microseconds since the Unix epoch.</param>
    public CredentialHeader ForGateway(Upstream upstream, long now)
    {
        if (Refuse(upstream, now, out var at) is { } refused) return refused;
        var place = PlaceOf(upstream, at, caller: null);
        if (own.TryGetValue(place, out var known)) return known;
        if (own.Count >= MostKept) own.Clear();
        return own.GetOrAdd(place, _ => new CredentialHeader.Renewed(() =>
        {
            var finding = FindAsync(upstream, caller: null, clock.Microseconds(), CancellationToken.None);
            return finding.IsCompletedSuccessfully ? finding.Result : CredentialHeader.NoForeign;
        }));
    }

    /// <summary>Why the last request for a token of the server's version came to nothing, for its owner; null where the last one came to something.</summary>
    public string? FaultOf(OrganisationId organisation, ServerName server, int manifest) =>
        failures.TryGetValue((organisation, server), out var failure) && failure.Manifest == manifest ? failure.Text : null;

    /// <summary>What the gateway itself would be shown for another secret of the client's.</summary>
    /// <returns>The token, or for people why there is none.</returns>
    public async Task<(CredentialHeader? Shown, string? Why)> TryAsync(OrganisationId organisation, UpstreamCredential.Foreign at, string secret, CancellationToken cancellation) =>
        await requests.AskAsync(organisation, at, secret.Trim(), caller: null, cancellation) switch
        {
            ForeignAnswer.Token token => (HeaderOf(token.Text), null),
            ForeignAnswer.Fault fault => (null, TextOf(fault)),
            _ => (null, null),
        };

    public void Dispose() => configuration.Changed -= ForgetUnapproved;

    private static CredentialHeader? Refuse(Upstream upstream, long now, out UpstreamCredential.Foreign at)
    {
        at = (UpstreamCredential.Foreign)upstream.Manifest.Credential;
        return UpstreamCredentials.IsOver(at, now) ? CredentialHeader.Expired : null;
    }

    private Place PlaceOf(Upstream upstream, UpstreamCredential.Foreign at, TokenRecord? caller) => new(
        upstream.Organisation, upstream.Name, upstream.ManifestNumber, caller?.Id, at.Secret is { } name ? configuration.Secret(upstream.Organisation, "upstream", name)?.Version ?? 0 : 0);

    private Task<CredentialHeader> AskAsync(Place place, UpstreamCredential.Foreign at, TokenRecord? caller)
    {
        if (kept.Count >= MostKept) Shrink();
        return kept.GetOrAdd(place, _ => new Slot()).Join(clock.Microseconds(), slot => AskOnceAsync(slot, place, at, caller));
    }

    private async Task<CredentialHeader> AskOnceAsync(Slot slot, Place place, UpstreamCredential.Foreign at, TokenRecord? caller)
    {
        string? secret = null;
        if (at.Secret is { } name && (secret = secrets.ClientSecret(place.Organisation, name)) is null) return CredentialHeader.Missing;
        // Nothing is said in a caller's name that cannot be recorded.
        if (!audit.IsHealthy) return CredentialHeader.NoForeign;
        var asked = clock.Microseconds();
        var answer = await requests.AskAsync(place.Organisation, at, secret, caller, CancellationToken.None);
        if (!await RecordAsync(place, at, caller, answer as ForeignAnswer.Fault)) return CredentialHeader.NoForeign;
        if (answer is not ForeignAnswer.Token token)
        {
            Note(place, TextOf((ForeignAnswer.Fault)answer));
            return slot.Keep(CredentialHeader.NoForeign, clock.Microseconds() + Remembered);
        }
        failures.TryRemove((place.Organisation, place.Server), out _);
        var seconds = Math.Min(token.Seconds, LongLife) * 1_000_000;
        var life = Math.Min(seconds - Math.Min(Rest, seconds / 3), MostUse);
        return slot.Keep(HeaderOf(token.Text), Math.Min(asked + life, caller?.ExpiresAt ?? long.MaxValue));
    }

    /// <summary>As every exchange is: for whom it was asked, where, and what came of it.</summary>
    private async Task<bool> RecordAsync(Place place, UpstreamCredential.Foreign at, TokenRecord? caller, ForeignAnswer.Fault? fault)
    {
        var holder = caller?.Holder;
        var record = new AuditEvent
        {
            Kind = AuditKind.TokenExchanged, Organisation = place.Organisation, Time = clock.Microseconds(), By = ClientId.Gateway.Value, Server = place.Server.Value, Token = caller?.Id.Value,
            User = holder?.User?.Value, Agent = holder?.Agent?.Value, Workflow = holder?.Workflow?.Value, Initiator = holder?.Initiator,
            Target = $"Api/{at.Audience}", Action = $"exchange at {at.TokenEndpoint}{(fault is null ? "" : " refused")}",
            Scope = caller is null ? null : at.Scope, Allowed = fault is null, Code = fault is null ? null : ReasonCode.ServerSuspended, Reason = fault is null ? null : TextOf(fault),
        };
        audit.Append(record);
        return await record.Durable();
    }

    private static CredentialHeader.Header HeaderOf(string token) =>
        new("Authorization", "Bearer " + token) { Secret = token.Length >= Shortest ? Encoding.ASCII.GetBytes(token) : [] };

    private static string TextOf(ForeignAnswer.Fault fault) => $"The token endpoint of its credential.at {fault.Why}.";

    private void Note(Place place, string text)
    {
        var (key, now) = ((place.Organisation, place.Server), clock.Microseconds());
        var before = failures.GetValueOrDefault(key);
        var isNews = before is null || before.Text != text || before.Manifest != place.Manifest || now - before.SaidAt >= Quiet;
        failures[key] = new Failure(place.Manifest, text, isNews ? now : before!.SaidAt);
        if (isNews) LogNoToken(place.Server.Value, text);
    }

    private void Shrink()
    {
        var now = clock.Microseconds();
        foreach (var (place, slot) in kept)
            if (slot.IsOver(now)) kept.TryRemove(place, out _);
        if (kept.Count >= MostKept) kept.Clear();
    }

    private void ForgetUnapproved()
    {
        foreach (var (place, _) in kept)
            if (!IsApproved(place.Organisation, place.Server, place.Manifest)) kept.TryRemove(place, out _);
        foreach (var (key, failure) in failures)
            if (!IsApproved(key.Item1, key.Item2, failure.Manifest)) failures.TryRemove(key, out _);
    }

    private bool IsApproved(OrganisationId organisation, ServerName server, int manifest) =>
        configuration.Server(organisation, server) is { State: Lifecycle.Active, Approved: { } approved } && approved.Number == manifest;

    /// <param name="Caller">Null for the gateway itself.</param>
    /// <param name="Secret">Version of the client's secret; 0 where it has none.</param>
    private readonly record struct Place(OrganisationId Organisation, ServerName Server, int Manifest, TokenId? Caller, long Secret);

    /// <param name="SaidAt">When the log said so last.</param>
    private sealed record Failure(int Manifest, string Text, long SaidAt);

    private sealed class Slot
    {
        private readonly Lock gate = new();
        private CredentialHeader? shown;
        private long until;
        private Task<CredentialHeader>? underWay;

        public CredentialHeader? Look(long now)
        {
            lock (gate) return now < until ? shown : null;
        }

        public bool IsOver(long now)
        {
            lock (gate) return now >= until && underWay is null or { IsCompleted: true };
        }

        /// <summary>One request at a time; whoever asks meanwhile waits for the same.</summary>
        public Task<CredentialHeader> Join(long now, Func<Slot, Task<CredentialHeader>> ask)
        {
            lock (gate)
            {
                if (now < until) return Task.FromResult(shown!);
                return underWay is { IsCompleted: false } ? underWay : underWay = Task.Run(() => ask(this));
            }
        }

        public CredentialHeader Keep(CredentialHeader header, long end)
        {
            lock (gate) (shown, until) = (header, end);
            return header;
        }
    }

    [LoggerMessage(EventId = 2206, Level = LogLevel.Warning, Message = "There is no token to show to {Server}: {Reason}")]
    private partial void LogNoToken(string server, string reason);
}
