using Microsoft.Extensions.Logging;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Gateway.Upstreams.Channels;
using Symbolon.Gateway.Upstreams.Credentials;
using Symbolon.Gateway.Upstreams.OldSse;
using Symbolon.Gateway.Upstreams.Stdio;

namespace Symbolon.Gateway.Upstreams;

/// <summary>Knows for each kind of upstream behind channels who opens them.</summary>
internal sealed class ChannelFactories(
    StdioHost host, IUpstreamHandlers handlers, Configuration configuration, UpstreamCredentials credentials, Identities identities, SecretFiles secrets, ProcessTokens tokens, IPinnedFiles files, IPinAlarm alarm, GatewayOptions limits,
    TimeProvider clock, ILogger<ChannelFactories> log)
{
    /// <param name="approved">Of a server that is behind channels.</param>
    /// <param name="trial">What to show instead of what is stored.</param>
    public ChannelPool PoolFor(OrganisationId organisation, ServerName server, ManifestVersion approved, CredentialHeader? trial = null) => approved.Manifest.Upstream switch
    {
        UpstreamAddress.Stdio process => new ChannelPool(
            new StdioChannels(organisation, server, approved, process, host, configuration, CredentialOf(organisation, server, approved.Manifest, trial), secrets, files, alarm, limits, clock, log),
            process.Isolation, new ChannelLimits { MostChannels = limits.MaxProcesses }, server.Value, clock, log),
        UpstreamAddress.Sse old => new ChannelPool(
            new SseServer(handlers.For(organisation, server, old.Url), old.Url, () => trial ?? identities.BesideOwn(credentials.For(organisation, approved.Manifest, Now()), organisation, server, approved.Number, approved.Manifest),
                approved.Manifest.Limits?.AnswerBytes ?? limits.MaxAnswerBytes, clock),
            ProcessIsolation.Shared, new ChannelLimits(), server.Value, clock, log),
        _ => throw new ArgumentException("Not behind channels.", nameof(approved)),
    };

    private ProcessCredential CredentialOf(OrganisationId organisation, ServerName server, ServerManifest manifest, CredentialHeader? trial) =>
        manifest.Credential is UpstreamCredential.Exchange { File: { } variable }
            ? new ProcessCredential(cancellation => tokens.EnsureAsync(organisation, server, cancellation), () => tokens.Current(organisation, server, variable))
            : new ProcessCredential(_ => Task.CompletedTask, () => trial ?? credentials.For(organisation, manifest, Now()));

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
}
