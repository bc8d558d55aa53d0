using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Symbolon.Core.Snapshot;
using Symbolon.Server.Hosting;
using Symbolon.Server.Sealing;
using Symbolon.Storage;
using Symbolon.Storage.Databases;

namespace Symbolon.Server.Background;

/// <summary>
/// What must have happened, in this order, before the node takes its lease and anything listens. Runs once, whoever asks first: the
/// own host before it starts, so that a failure reaches the operator as one message, or another application's host.
/// </summary>
internal sealed partial class StartSteps(IServiceProvider services, SymbolonOptions options, ILogger<StartSteps> log) : IHostedService
{
    private bool done;

    public Task StartAsync(CancellationToken cancellationToken) => done ? Task.CompletedTask : RunAsync(cancellationToken);

    /// <exception cref="StartException">The store cannot be opened.</exception>
    /// <exception cref="MasterKeyException">The store was filled under another master key.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var variable in options.IgnoredVariables) LogIgnored(variable);
        try
        {
            // Opens the store and migrates it.
            services.GetRequiredService<Store>();
            await services.GetRequiredService<KeyCheck>().RunAsync(cancellation);
            await services.GetRequiredService<ConfigurationFeed>().PollAsync(cancellation);
            // What the last start's token and link opened ends with them.
            await services.GetRequiredService<ISessionStore>().EndOfNodeAsync(services.GetRequiredService<ThisNode>().Name, cancellation);
        }
        catch (Exception e) when (e is StoreStartException or StoreUnavailableException)
        {
            throw new StartException(e.Message, e);
        }
        // Last: a start that failed leaves the token of a server that may be running elsewhere on this store as it was.
        services.GetRequiredService<AdminCredentials>().Replace();
        done = true;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventId = 5121, Level = LogLevel.Warning, Message = "{Variable} is no setting and has no influence")]
    private partial void LogIgnored(string variable);
}
