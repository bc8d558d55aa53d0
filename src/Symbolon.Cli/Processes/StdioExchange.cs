using Symbolon.Cli.Upstreams;

namespace Symbolon.Cli.Processes;

/// <summary>Speaks with a process over its standard input and output, a message a line. Lines that are no message are passed over.</summary>
/// <param name="startTime">What the first answer may take.</param>
internal sealed class StdioExchange(ServerProcess process, TimeSpan startTime) : IMcpExchange
{
    /// <summary>Bytes of one message. 16 MiB, as the gateway's default.</summary>
    private const int MostLine = 16 * 1024 * 1024;

    /// <summary>Bytes of all of them.</summary>
    private const long MostAll = 64 * 1024 * 1024;

    private readonly BoundedLines lines = new(process.Output, MostLine, MostAll);
    private bool hasAnswered;

    public async Task<McpAnswer> SendAsync(string message, int? id, IEnumerable<(string Name, string Value)> headers, CancellationToken cancellation)
    {
        var answer = await AnswerTime.WithinAsync(hasAnswered ? AnswerTime.Usual : startTime, async limit =>
        {
            try
            {
                await process.WriteLineAsync(message, limit);
            }
            catch (IOException)
            {
                throw new UpstreamException(await process.EndingAsync(limit));
            }
            return new McpAnswer(null, null, id is { } expected ? await ReadAsync(expected, limit) : null);
        }, cancellation);
        hasAnswered = true;
        return answer;
    }

    /// <summary>The process is the session.</summary>
    public Task EndAsync(IEnumerable<(string Name, string Value)> headers, CancellationToken cancellation) => Task.CompletedTask;

    private async Task<System.Text.Json.JsonElement> ReadAsync(int id, CancellationToken cancellation)
    {
        while (await lines.ReadAsync(cancellation) is { } line)
            if (line.Length > 0 && line.Span[0] == '{' && McpAnswer.Read(line, id) is { } answer) return answer;
        throw new UpstreamException(await process.EndingAsync(cancellation));
    }
}
