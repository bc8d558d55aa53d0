using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Symbolon.Cli.Sidecar;

/// <summary>The sidecar's listener.</summary>
internal sealed class SidecarHost : IAsyncDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>For requests that are under way when it ends.</summary>
    private static readonly TimeSpan MostWait = TimeSpan.FromSeconds(5);

    private readonly WebApplication app;

    private SidecarHost(WebApplication app) => this.app = app;

    /// <summary>Listens.</summary>
    /// <exception cref="IOException">The address is taken, or cannot be had.</exception>
    public static async Task<SidecarHost> StartAsync(ListenAddress listen, SidecarEndpoints endpoints, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "symbolon-sidecar", EnvironmentName = "Production", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = ForwardEndpoint.MostBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
            if (listen is ListenAddress.Unix unix) kestrel.ListenUnixSocket(unix.Path);
            else kestrel.Listen(((ListenAddress.Loopback)listen).EndPoint);
        });
        builder.Services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = Bind);
        var app = builder.Build();
        app.Run(endpoints.HandleAsync);
        try
        {
            await app.StartAsync(cancellation);
            return new SidecarHost(app);
        }
        catch (Exception fault) when (fault is SocketException or IOException or UnauthorizedAccessException)
        {
            await app.DisposeAsync();
            throw new IOException($"{listen} cannot be listened on. {fault.Message}", fault);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Streams that are open would hold it for ever.
        using var deadline = new CancellationTokenSource(MostWait, TimeProvider.System);
        await app.StopAsync(deadline.Token);
        await app.DisposeAsync();
    }

    /// <summary>Its mode is set before it listens: until then nobody is let in.</summary>
    private static Socket Bind(EndPoint address)
    {
        if (address is not UnixDomainSocketEndPoint) return SocketTransportOptions.CreateDefaultBoundListenSocket(address);
        var path = address.ToString()!;
        if (File.Exists(path)) RemoveLeftover(path, address);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(address);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, OwnerOnly);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>What a sidecar that was killed could not take away.</summary>
    private static void RemoveLeftover(string path, EndPoint address)
    {
        using var attempt = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            attempt.Connect(address);
        }
        catch (SocketException)
        {
            // A socket has no length: a file with something in it is none, and is not taken away.
            if (new FileInfo(path).Length > 0) throw new IOException("What lies there is no socket.");
            File.Delete(path);
            return;
        }
        throw new IOException("Another program listens there.");
    }
}
