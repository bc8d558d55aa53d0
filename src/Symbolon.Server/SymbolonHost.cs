using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Symbolon.Admin.Console.SignIn;
using Symbolon.Core.Snapshot;
using Symbolon.Server.Background;
using Symbolon.Server.Edge;
using Symbolon.Server.Files;
using Symbolon.Server.Health;
using Symbolon.Server.Hosting;
using Symbolon.Storage.Databases;

namespace Symbolon.Server;

/// <summary>One server on its own Kestrel: what <c>symbolon serve</c>, <c>symbolon demo</c> and the tests run.</summary>
public sealed class SymbolonHost : IAsyncDisposable
{
    /// <summary>Bound of a graceful stop: no new connections, streams ended, audit flushed, lease ended.</summary>
    public static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private readonly WebApplication app;

    private SymbolonHost(WebApplication app) => this.app = app;

    public IServiceProvider Services => app.Services;

    /// <summary>The addresses that are listened on, with the ports that were taken; admin listeners included. Empty before the start.</summary>
    public IReadOnlyList<string> Addresses => [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? []];

    /// <summary>The file that holds the bootstrap token of this start.</summary>
    public string AdminTokenFile => app.Services.GetRequiredService<ServerDirectory>().AdminTokenFile;

    /// <summary>The file that holds the one-time link into the console, good for ten minutes after the start.</summary>
    public string SignInLinkFile => app.Services.GetRequiredService<ServerDirectory>().SignInLinkFile;

    /// <summary>Puts the server together and opens its store; nothing listens yet.</summary>
    /// <exception cref="InvalidOptionsException">The options cannot be used; with every reason.</exception>
    /// <exception cref="StartException">The data directory, the certificate or the store cannot be used.</exception>
    /// <exception cref="Sealing.MasterKeyException">The master key cannot be used.</exception>
    public static SymbolonHost Build(SymbolonOptions options)
    {
        if (OptionsCheck.Errors(options) is { Count: > 0 } errors) throw new InvalidOptionsException(errors);
        // The empty builder reads neither ASPNETCORE_* and DOTNET_* variables nor appsettings.json.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = "symbolon",
            EnvironmentName = Environments.Production,
            ContentRootPath = AppContext.BaseDirectory,
        });
        IHostApplicationLifetime? lifetime = null;
        ServerLog.Configure(builder.Logging, options.LogLevel, () => lifetime is { ApplicationStarted.IsCancellationRequested: true });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout);
        Listen(builder, options);
        builder.AddSymbolon(options);
        // Else the program's folder is part of each form's key, and nodes in different folders refuse each other's forms.
        builder.Services.PostConfigure<DataProtectionOptions>(forms => forms.ApplicationDiscriminator = "symbolon");
        var app = builder.Build();
        lifetime = app.Lifetime;
        try
        {
            app.MapSymbolon();
            return new SymbolonHost(app);
        }
        catch (Exception e)
        {
            ((IDisposable)app).Dispose();
            if (e is StoreStartException) throw new StartException(e.Message, e);
            throw;
        }
    }

    /// <summary>Runs the steps of the start and listens. When it returns, the server is ready.</summary>
    /// <exception cref="StartException">The store cannot be opened, or an address cannot be listened on.</exception>
    /// <exception cref="Sealing.MasterKeyException">The store was filled under another master key.</exception>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        await app.Services.GetRequiredService<StartSteps>().RunAsync(cancellation);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception e) when (e is SocketException or IOException { InnerException: AddressInUseException })
        {
            // What did start, stops in good order: the lease is ended, and nothing runs on without its listener.
            await app.StopAsync(CancellationToken.None);
            throw new StartException($"An address cannot be listened on. {e.Message}", e);
        }
        NamePortsThatWereTaken();
        await WriteSignInLinkAsync(cancellation);
    }

    /// <summary>Waits until the process is told to stop, then stops in good order.</summary>
    /// <exception cref="LeaseLostException">It stopped by itself, because its lease was lost to another.</exception>
    public async Task WaitForShutdownAsync(CancellationToken cancellation = default)
    {
        await app.WaitForShutdownAsync(cancellation);
        if (app.Services.GetRequiredService<Readiness>().HasLostLease) throw new LeaseLostException(app.Services.GetRequiredService<ThisNode>().Name);
    }

    public Task StopAsync(CancellationToken cancellation = default) => app.StopAsync(cancellation);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static void Listen(WebApplicationBuilder builder, SymbolonOptions options)
    {
        var certificate = ReadCertificate(options);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Services.AddSingleton<DiagnosticSource, ListenerRefusals>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            Listeners.Limit(kestrel, options.MaxHeaderBytes, options.MaxConnections, maxBody: 64 * 1024 * 1024);
            foreach (var url in options.Urls) Listeners.Add(kestrel, ListenAddress.Parse(url)!, certificate, isAdmin: false);
            foreach (var url in options.AdminUrls) Listeners.Add(kestrel, ListenAddress.Parse(url)!, certificate, isAdmin: true);
        });
    }

    private static TlsCertificate? ReadCertificate(SymbolonOptions options)
    {
        try
        {
            return options.TlsCertificate is { } file ? TlsCertificate.Read(file, options.TlsKey!) : null;
        }
        catch (CryptographicException e)
        {
            throw new StartException($"tls.certificate and tls.key do not hold a certificate and its key: {e.Message}", e);
        }
    }

    /// <summary>Into a file for its owner alone: what goes to the terminal may end in a log.</summary>
    private async Task WriteSignInLinkAsync(CancellationToken cancellation)
    {
        var rules = app.Services.GetRequiredService<EdgeRules>();
        var origin = (rules.AdminIsApart ? rules.Admin : rules.Public).Named[0];
        OwnerOnlyFile.Replace(SignInLinkFile, Encoding.ASCII.GetBytes(origin + await app.Services.GetRequiredService<SignInLink>().CreateAsync(cancellation) + "\n"));
    }

    /// <summary>Where port 0 was asked for, the origins are known only now; until then no Host was let in.</summary>
    private void NamePortsThatWereTaken()
    {
        var options = app.Services.GetRequiredService<SymbolonOptions>();
        var rules = app.Services.GetRequiredService<EdgeRules>();
        if (options.PublicUrls.Count == 0) rules.Public.Set(Addresses.Take(options.Urls.Count));
        rules.Admin.Set(Addresses.Skip(options.Urls.Count));
    }
}
