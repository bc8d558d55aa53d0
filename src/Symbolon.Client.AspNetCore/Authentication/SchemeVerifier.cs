using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Symbolon.Client.Revocation;
using Symbolon.Client.Verification;

namespace Symbolon.Client.AspNetCore.Authentication;

/// <summary>What one scheme verifies with, for as long as the program runs.</summary>
internal sealed partial class SchemeVerifier : IAsyncDisposable
{
    private readonly RevocationFeed? feed;
    private readonly ILogger log;

    private SchemeVerifier(SymbolonSchemeOptions options, TimeProvider clock, ILogger log)
    {
        this.log = log;
        Origin = options.Origin;
        if (options.Feed is { } read)
        {
            feed = RevocationFeed.Start(read, options.Backchannel, clock);
            feed.Lost += LogLost;
            feed.Connected += LogConnected;
        }
        Verifier = new AccessTokenVerifier(options.Verification, feed, options.Backchannel, clock);
    }

    public string Origin { get; }

    public AccessTokenVerifier Verifier { get; }

    /// <param name="scheme">The name of the scheme.</param>
    public static SchemeVerifier Make<TOptions>(IServiceProvider services, object? scheme)
        where TOptions : SymbolonSchemeOptions
    {
        var options = services.GetRequiredService<IOptionsMonitor<TOptions>>().Get((string)scheme!);
        options.Validate();
        return new(options, options.TimeProvider ?? TimeProvider.System, services.GetRequiredService<ILogger<SchemeVerifier>>());
    }

    public async ValueTask DisposeAsync()
    {
        if (feed is not null) await feed.DisposeAsync();
        Verifier.Dispose();
    }

    [LoggerMessage(EventId = 6001, Level = LogLevel.Information, Message = "The feed of revocations is current")]
    private partial void LogConnected();

    [LoggerMessage(EventId = 6002, Level = LogLevel.Warning, Message = "The feed of revocations was lost: {Reason} Without it all calls are refused")]
    private partial void LogLost(string reason);
}

/// <summary>Makes the verifier of a scheme when the program starts.</summary>
internal sealed class VerifierStart(IServiceProvider services, string scheme) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredKeyedService<SchemeVerifier>(scheme);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
