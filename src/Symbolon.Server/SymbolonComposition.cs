using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Symbolon.Admin;
using Symbolon.Admin.Console;
using Symbolon.AuthorizationServer;
using Symbolon.AuthorizationServer.Login;
using Symbolon.Core.Announcements;
using Symbolon.Core.Audit;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Outbound;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Sealing;
using Symbolon.Core.Snapshot;
using Symbolon.Gateway;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams;
using Symbolon.Gateway.Upstreams.Stdio;
using Symbolon.Registry;
using Symbolon.Server.Background;
using Symbolon.Server.Edge;
using Symbolon.Server.Files;
using Symbolon.Server.Health;
using Symbolon.Server.Hosting;
using Symbolon.Server.Outbound;
using Symbolon.Server.Runner;
using Symbolon.Server.Sealing;
using Symbolon.Server.Webhooks;
using Symbolon.Storage;
using IPNetwork = System.Net.IPNetwork;

namespace Symbolon.Server;

/// <summary>
/// The composition root, to be read from top to bottom. <c>symbolon serve</c> uses it through <see cref="SymbolonHost"/>; another ASP.NET Core
/// application calls both methods itself and keeps its own listeners.
/// </summary>
public static class SymbolonComposition
{
    /// <summary>Registers everything. Takes the data directory and reads or makes the master key at once.</summary>
    /// <exception cref="InvalidOptionsException">The options cannot be used; with every reason.</exception>
    /// <exception cref="StartException">The data directory cannot be used.</exception>
    /// <exception cref="MasterKeyException">The master key cannot be used.</exception>
    public static void AddSymbolon(this WebApplicationBuilder builder, SymbolonOptions options)
    {
        // Also here: an application that hosts Symbolon has no other check, and limits out of range would be no limits.
        if (OptionsCheck.Errors(options) is { Count: > 0 } errors) throw new InvalidOptionsException(errors);
        var services = builder.Services;
        var directory = ServerDirectory.Take(options.DataDirectory);
        services.AddSingleton(options);
        services.AddSingleton(_ => directory);
        services.TryAddSingleton(TimeProvider.System);
        services.AddRouting();

        services.AddSingleton(ReadMasterKey(directory, options));
        services.AddSingleton<ISecretBox, SecretBox>();
        services.AddSingleton<KeyCheck>();
        services.AddSingleton(EdgeRulesOf(options));
        services.AddSingleton(provider => new ConnectionLimit(
            options.MaxConnectionsPerAddress, provider.GetRequiredService<EdgeRules>(), provider.GetRequiredService<IRefusalLog>()));

        services.AddSingleton<EpochTable>();
        services.AddSingleton(provider => new Configuration(provider.GetRequiredService<EpochTable>()) { Binding = options.Binding });
        services.AddSingleton<CallEntryPool>();
        services.AddSingleton(provider => new Freshness(provider.GetRequiredService<TimeProvider>(), options.MaxStaleness));
        services.AddSingleton(NodeName.ReadOrCreate(directory.NodeFile));
        services.AddSingleton<ProofNonces>();
        services.AddSingleton(provider => new ProofValidator(provider.GetRequiredService<ProofNonces>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSymbolonStorage(new StorageOptions { DataDirectory = directory.FullPath, Store = options.Store, Announces = options.WebhookUrl is not null });

        // Started in this order and stopped in the reverse; the listeners come after all of them, and stop first.
        services.AddSingleton<StartSteps>();
        services.AddHostedService(provider => provider.GetRequiredService<StartSteps>());
        services.AddHostedService<LeaseKeeper>();
        services.AddHostedService<ConfigurationPolling>();
        services.AddHostedService<ConfigurationListening>();
        services.AddHostedService<UsageCounting>();
        services.AddHostedService<ProofForgetting>();
        services.AddHostedService<LimitForgetting>();
        AddWebhook(services, options);
        services.AddHostedService<ReviewClosing>();
        services.AddSingleton<Readiness>();

        services.AddSingleton<IPinnedFiles>(DiskFiles.Instance);
        services.AddSingleton(EgressGuard.Default);
        services.AddSingleton<IFetch>(provider => new GuardedFetch(
            provider.GetRequiredService<EgressGuard>(), options.InternalHosts, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IFormPost>(provider => new GuardedForm(
            provider.GetRequiredService<EgressGuard>(), options.InternalHosts, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IEventPost>(provider => new GuardedEventPost(
            provider.GetRequiredService<EgressGuard>(), options.InternalHosts, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IHostLookup>(provider => new HostLookup(
            provider.GetRequiredService<EgressGuard>(), options.ConnectTimeout, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IUpstreamHandlers>(provider => new UpstreamHandlers(
            new UpstreamConnections(provider.GetRequiredService<Configuration>(), provider.GetRequiredService<EgressGuard>(), options.ConnectTimeout),
            provider.GetRequiredService<Configuration>(), provider.GetRequiredService<TimeProvider>(), TimeSpan.FromSeconds(UpstreamLimits.MostCall)));

        services.AddSingleton(provider => new StdioHost
        {
            ListensOnLoopbackAlone = () => ListenAddress.AreLoopback([.. options.Urls, .. options.AdminUrls, .. AddressesOf(provider)]),
            Supervisor = StdioHost.SupervisorIn(AppContext.BaseDirectory),
            ConnectRunner = options.RunnerSocket is { } socket ? cancellation => RunnerSocket.ConnectAsync(socket, cancellation) : null,
            RunnerUser = options.RunnerUser,
            SecretFolder = () => directory.Secrets.Path,
        });
        services.AddSingleton<IReasonAddresses, ReasonAddresses>();
        services.AddGateway(options.Gateway);
        services.AddSingleton(options.Reviews);
        services.AddSingleton(options.KeyAges);
        services.AddRegistry();
        services.AddSingleton<IPublicOrigins, CallerOrigins>();
        options.AuthorizationServer.Propagation = options.MaxStaleness;
        services.AddAuthorizationServer().AddOAuth(options.AuthorizationServer);
        services.AddSingleton<AdminCredentials>();
        services.AddSingleton<IAdminCredentials>(provider => provider.GetRequiredService<AdminCredentials>());
        services.AddSingleton<IPublicAddresses, PublicAddresses>();
        services.AddAdmin();
        services.AddConsole();
        // Clients of people need to know who sits at the browser.
        if (services.Any(service => service.ServiceType == typeof(IPersonSessions))) services.AddPeopleClients();
    }

    /// <summary>
    /// Adds the middleware and the routes. The Host and Origin allow-list then holds for the whole application: one that hosts
    /// other pages names their origins in <see cref="SymbolonOptions.PublicUrls"/>.
    /// </summary>
    public static void MapSymbolon(this WebApplication app)
    {
        // Asked for once, so that the folder is let go when the application ends.
        app.Services.GetRequiredService<ServerDirectory>();
        var rules = app.Services.GetRequiredService<EdgeRules>();
        app.UseMiddleware<EdgeAnswers>();
        app.UseMiddleware<EdgeGate>();
        if (rules.TrustedProxies.Count > 0) app.UseForwardedHeaders(ForwardingOf(rules));
        app.UseRouting();
        app.UseMiddleware<SurfaceGate>();
        app.MapHealth();
        app.MapGroup("").WithMetadata(new SurfaceMark(Surface.Public)).MapGateway();
        app.MapGroup("").WithMetadata(new SurfaceMark(Surface.Public)).MapAuthorizationServer();
        app.MapGroup("").WithMetadata(new SurfaceMark(Surface.Admin)).MapAdmin();
        app.MapGroup("").WithMetadata(new SurfaceMark(Surface.Admin)).MapConsole();
        // Who lets a client act is asked at the public listeners who they are.
        app.MapPeople();
        // Whoever is refused came to the public listeners, and must be able to read why there.
        app.MapReasons();
    }

    /// <summary>What is listened on in fact: an application that hosts Symbolon has listeners of its own.</summary>
    private static IEnumerable<string> AddressesOf(IServiceProvider provider) =>
        provider.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];

    private static void AddWebhook(IServiceCollection services, SymbolonOptions options)
    {
        var address = new WebhookAddress(options.WebhookUrl is { } text ? WebhookCheck.AddressOf(text) : null);
        services.AddSingleton(address);
        if (address.Url is not { } url) return;
        services.AddSingleton(_ => WebhookKeys.Read(options.WebhookSecretFile!));
        services.AddSingleton(provider => new GuardedPost(
            provider.GetRequiredService<EgressGuard>(), url, WebhookCheck.MayBeInside(options, url), provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<WebhookDelivery>();
    }

    private static MasterKey ReadMasterKey(ServerDirectory directory, SymbolonOptions options)
    {
        try
        {
            return directory.ReadMasterKey(options.MasterKeyFile);
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    private static EdgeRules EdgeRulesOf(SymbolonOptions options)
    {
        var rules = new EdgeRules
        {
            AdminIsApart = options.AdminUrls.Count > 0,
            TrustedProxies = [.. options.TrustedProxies.Select(ReadNetwork)],
            StrictTransport = options.HstsSeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"max-age={seconds}") : null,
        };
        rules.Public.Set(options.PublicUrls.Count > 0 ? options.PublicUrls : options.Urls);
        rules.Admin.Set(options.AdminUrls);
        return rules;
    }

    private static IPNetwork ReadNetwork(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.Parse(text) is var address && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
            ? new IPNetwork(address, 32) : new IPNetwork(address, 128);

    /// <summary>Only the address of the peer is taken over; scheme and host come from the configured origins.</summary>
    private static ForwardedHeadersOptions ForwardingOf(EdgeRules rules)
    {
        var forwarding = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        // The framework trusts loopback unasked; here only what the operator declared is believed.
        forwarding.KnownProxies.Clear();
        forwarding.KnownIPNetworks.Clear();
        foreach (var network in rules.TrustedProxies) forwarding.KnownIPNetworks.Add(network);
        return forwarding;
    }
}
