using Symbolon.Cli.Output;
using Symbolon.Cli.Upstreams;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.Cli.Processes;

/// <summary>Reads what a command lists, each era from a process of its own: an old server may not survive the question of the new one.</summary>
internal static class ProcessReader
{
    /// <param name="startTime">What the first answer of each may take.</param>
    /// <exception cref="CommandException">It cannot be started, or speaks neither era; with the last that it wrote to standard error.</exception>
    public static async Task<ReadUpstream> ReadAsync(UpstreamAddress.Stdio server, ClientFeatures features, (string Name, string Value)? secret, Func<string, string?> own, TimeSpan startTime, CancellationToken cancellation)
    {
        var errors = new List<string>();
        var eras = new List<EraListing>();
        foreach (var era in EraReader.ErasOf(server)) eras.Add(await ReadAsync(era));
        return eras.OfType<EraListing.Listed>().Any() ? new ReadUpstream(server, eras) : throw new CommandException(
            ExitCode.Error, "upstream_invalid", $"{server.Shown} answers as no MCP server over standard input and output.")
        {
            Details = [.. EraReader.Whys(eras), .. errors.Select(line => $"stderr: {Without(secret, line)}")],
            Hint = $"It was started in {server.Cwd ?? UpstreamAddress.Stdio.UsualFolder} with PATH, HOME, LANG and what --env and --secret-env gave, and nothing else of your environment.",
        };

        // What a server prints of its secret goes to nobody's terminal or build log.
        static string Without((string Name, string Value)? secret, string line) =>
            secret is { } known ? line.Replace(known.Value, "[secret]", StringComparison.Ordinal) : line;

        async Task<EraListing> ReadAsync(Era era)
        {
            try
            {
                var process = ServerProcess.Start(server, secret, own);
                try
                {
                    return await EraReader.ReadAsync(era, new StdioExchange(process, startTime), features, cancellation);
                }
                finally
                {
                    // Only then has standard error been read to its end.
                    await process.DisposeAsync();
                    errors = [.. process.Errors];
                }
            }
            catch (UpstreamException fault)
            {
                return new EraListing.NotSpoken(era, fault.Message);
            }
        }
    }
}
