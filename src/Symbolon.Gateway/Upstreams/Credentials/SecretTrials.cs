using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Upstreams.Channels;

namespace Symbolon.Gateway.Upstreams.Credentials;

/// <summary>Tries a value on a way out of its own, so that what calls are decided on, and whether they are let through, does not hang on it.</summary>
internal sealed class SecretTrials(DefinitionWatch definitions, Configuration configuration, IUpstreamHandlers handlers, ChannelFactories factories, ForeignTokens foreign, Identities identities, GatewayOptions limits, TimeProvider clock) : ISecretTrials
{
    /// <summary>For both eras together.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private static readonly Era[] Eras = [Era.Modern, Era.Legacy];

    public async Task<SecretTrial> TryAsync(OrganisationId organisation, ServerName server, string secret, string value, CancellationToken cancellation)
    {
        if (configuration.Server(organisation, server) is not { State: Lifecycle.Active, Approved: { } approved })
            return new SecretTrial(server, TrialOutcome.NotTried, "not tried: it serves nobody now");
        if (approved.Manifest.Credential is not { SecretName: { } name } credential || name != secret)
            return new SecretTrial(server, TrialOutcome.NotTried, "not tried: only a version that is not approved yet names the secret");
        using var late = new CancellationTokenSource(Deadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            var (shown, why) = credential is UpstreamCredential.Foreign at ? await foreign.TryAsync(organisation, at, value, either.Token) : (UpstreamCredentials.Of((UpstreamCredential.Stored)credential, value), null);
            if (shown is null) return new SecretTrial(server, TrialOutcome.Failed, why!);
            return await ReadAsync(organisation, server, approved, identities.BesideOwn(shown, organisation, server, approved.Number, approved.Manifest), either.Token);
        }
        catch (UpstreamFault fault)
        {
            return new SecretTrial(server, TrialOutcome.Failed, fault.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new SecretTrial(server, TrialOutcome.Failed, UpstreamFault.TimedOut().Message);
        }
    }

    private async Task<SecretTrial> ReadAsync(OrganisationId organisation, ServerName server, ManifestVersion approved, CredentialHeader shown, CancellationToken cancellation)
    {
        using var pool = approved.Manifest.Upstream is UpstreamAddress.Http ? null : factories.PoolFor(organisation, server, approved, shown);
        // The handler's connections are those of calls: they carry nothing of a credential.
        using var channel = pool is null ? null : new ChannelInvoker(new ChannelHandler(pool));
        var upstream = new Upstream(organisation, server, approved)
        {
            Invoker = channel ?? handlers.For(organisation, server, approved.Manifest.Upstream.Endpoint!), Configured = 0,
            Limits = new CallLimits(limits, approved.Manifest.Limits), Circuit = new Circuit(clock),
        };
        foreach (var era in Eras)
            if (upstream.Allows(era) && await new ToolsConnection(upstream, shown, definitions, upstream.Limits.AnswerBytes, cancellation).ReadAsync(era) is not null)
                return new SecretTrial(server, TrialOutcome.Works, "it listed its tools");
        return new SecretTrial(server, TrialOutcome.Failed, "it answered, and listed no tools");
    }
}
