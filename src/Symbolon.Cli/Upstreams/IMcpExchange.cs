namespace Symbolon.Cli.Upstreams;

/// <summary>One conversation with a server, over whatever leads to it. Requests are sent one after the other.</summary>
internal interface IMcpExchange
{
    /// <param name="id">The request's id, or null for a notification.</param>
    /// <param name="headers">What Streamable HTTP says beside the message; others have no place for it.</param>
    /// <exception cref="HttpRequestException">The server cannot be reached.</exception>
    /// <exception cref="UpstreamException">The answer is too long, too late or no JSON, or there is none.</exception>
    Task<McpAnswer> SendAsync(string message, int? id, IEnumerable<(string Name, string Value)> headers, CancellationToken cancellation);

    /// <summary>Ends a session that <see cref="McpAnswer.Session"/> named.</summary>
    Task EndAsync(IEnumerable<(string Name, string Value)> headers, CancellationToken cancellation);
}
