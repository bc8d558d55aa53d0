using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Symbolon.Gateway.Upstreams.Runner;
using Symbolon.Gateway.Upstreams.Stdio;
using Symbolon.Server.Files;
using Symbolon.Server.Hosting;

namespace Symbolon.Server.Runner;

/// <summary>Listens on the runner's socket and gives each connection of the allowed user a <see cref="RunnerSession"/>. DESIGN.md section 4, Reviews.</summary>
public sealed partial class RunnerHost : IDisposable
{
    /// <summary>Until all processes have ended, when it is told to stop; then it goes, and their supervisors end what is left.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(12);

    private static readonly TimeSpan AfterFault = TimeSpan.FromMilliseconds(100);

    private readonly RunnerOptions options;
    private readonly ILoggerFactory logging;
    private readonly ILogger log;
    private readonly Socket listener;
    private readonly RunnerSession session;
    private readonly Lock gate = new();
    private readonly HashSet<Task> open = [];

    private RunnerHost(RunnerOptions options, IReadOnlyList<string> supervisor)
    {
        this.options = options;
        logging = LoggerFactory.Create(builder => ServerLog.Configure(builder, "information", () => true));
        log = logging.CreateLogger<RunnerHost>();
        session = new RunnerSession(supervisor, DiskFiles.Instance, TimeProvider.System, log);
        listener = RunnerSocket.New();
    }

    /// <exception cref="StartException">It has too many rights, or the socket cannot be listened on.</exception>
    public static RunnerHost Listen(RunnerOptions options)
    {
        if (!OperatingSystem.IsLinux()) throw new StartException("Symbolon starts processes on Linux only.");
        if (RunnerRights.TooMany(options.DataDirectory) is { } why) throw new StartException(why);
        var supervisor = StdioHost.SupervisorIn(AppContext.BaseDirectory);
        if (supervisor.Count == 0) throw new StartException("The program 'symbolon' that would supervise servers is not in the folder of this application.");
        var host = new RunnerHost(options, supervisor);
        try
        {
            RunnerSocket.Bind(host.listener, options.Socket, isShared: options.AllowedUser != PeerUser.Own);
            return host;
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            host.Dispose();
            throw new StartException($"{options.Socket} cannot be listened on. {e.Message}", e);
        }
    }

    /// <summary>Serves until it is told to stop, and ends every process then.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true) await TakeNextAsync(stop);
        }
        catch (OperationCanceledException)
        {
            // The usual end.
        }
        listener.Close();
        File.Delete(options.Socket);
        Task[] left;
        lock (gate) left = [.. open];
        await Task.WhenAny(Task.WhenAll(left), Task.Delay(StopWithin, TimeProvider.System, CancellationToken.None));
    }

    public void Dispose()
    {
        listener.Dispose();
        logging.Dispose();
    }

    private async Task TakeNextAsync(CancellationToken stop)
    {
        try
        {
            Take(await listener.AcceptAsync(stop), stop);
        }
        catch (SocketException e)
        {
            // The peer is gone again, or there are no descriptors left: those that are open go on.
            LogFailed(e);
            await Task.Delay(AfterFault, TimeProvider.System, stop);
        }
    }

    private void Take(Socket peer, CancellationToken stop)
    {
        var user = PeerUser.Of(peer);
        lock (gate)
        {
            open.RemoveWhere(task => task.IsCompleted);
            if (user == options.AllowedUser && open.Count < options.MaxProcesses)
            {
                open.Add(Task.Run(() => ServeAsync(peer, stop), CancellationToken.None));
                return;
            }
        }
        peer.Dispose();
        if (user != options.AllowedUser) LogRefused(user);
        else LogFull(options.MaxProcesses);
    }

    private async Task ServeAsync(Socket peer, CancellationToken stop)
    {
        using (peer)
            try
            {
                await session.ServeAsync(peer, stop);
            }
            catch (Exception e)
            {
                // A fault of ours ends this process alone.
                LogFailed(e);
            }
    }

    [LoggerMessage(EventId = 5131, Level = LogLevel.Warning, Message = "User {User} is not served here")]
    private partial void LogRefused(uint user);

    [LoggerMessage(EventId = 5132, Level = LogLevel.Warning, Message = "{Most} processes run, no further one is started")]
    private partial void LogFull(int most);

    [LoggerMessage(EventId = 5133, Level = LogLevel.Error, Message = "A connection failed")]
    private partial void LogFailed(Exception fault);
}
