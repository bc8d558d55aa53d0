using System.Runtime.CompilerServices;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>Sends what was written of a stream, for as long as its client takes to read it: nothing more is read of the server meanwhile.</summary>
internal static class ClientFlush
{
    /// <summary>A client that took nothing for so long when its stream is ended is cut off.</summary>
    private static readonly TimeSpan Unread = TimeSpan.FromSeconds(2);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public static async ValueTask RunAsync(Exchange exchange, TimeProvider clock)
    {
        var began = clock.GetTimestamp();
        try
        {
            await exchange.Http.Response.BodyWriter.FlushAsync(exchange.Stop);
        }
        catch (OperationCanceledException) when (clock.GetElapsedTime(began) >= Unread)
        {
            // Who takes nothing gets no last event: it would keep the connection waiting behind what is not read either.
            exchange.Http.Abort();
            throw;
        }
    }
}
