using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Symbolon.Bench;

/// <summary>One round of load: wrk with one thread.</summary>
internal static partial class Load
{
    private static readonly string[] Failures = ["Non-2xx", "Socket errors", "Wrong answers"];

    /// <summary>A round in which the disk stood still for seconds, so that calls were refused as the design says, is run again, once.</summary>
    /// <exception cref="InvalidOperationException">An answer was no 2xx, or a connection failed, twice.</exception>
    public static async Task<Round> RunAsync(Cell cell, int seconds, string script)
    {
        try
        {
            return await OnceAsync(cell, seconds, script);
        }
        catch (InvalidOperationException failed)
        {
            await Console.Error.WriteLineAsync($"again: {failed.Message}");
            return await OnceAsync(cell, seconds, script);
        }
    }

    private static async Task<Round> OnceAsync(Cell cell, int seconds, string script)
    {
        var target = cell.Target;
        List<string> arguments = ["-t1", $"-c{cell.Connections}", $"-d{seconds}s", "--latency", "-s", script, target.Url.ToString(), "--", target.Tool, target.Arguments];
        if (target.Session is { } session) arguments.Add(session);
        if (target.Token is { } token) arguments.Add(token);
        var (before, beforeBehind) = (target.Server.CpuMicroseconds(), target.Behind?.CpuMicroseconds());
        var output = await Command.RunAsync("wrk", arguments);
        var (cpu, behind) = (target.Server.CpuMicroseconds() - before, target.Behind?.CpuMicroseconds() - beforeBehind);
        if (Failures.Any(failure => output.Contains(failure, StringComparison.Ordinal)))
            throw new InvalidOperationException($"{target.Name} at {target.Url} failed under load:\n{output}");
        var requests = double.Parse(Requests().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
        var rate = double.Parse(Rate().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
        var behindMegabytes = target.Behind?.ResidentMegabytes();
        return new Round(rate, Microseconds(output, "50"), Microseconds(output, "99"), (cpu - (behind ?? 0)) / requests,
            target.Server.ResidentMegabytes() - (behindMegabytes ?? 0))
        {
            BehindCpuPerRequest = behind / requests,
            BehindMegabytes = behindMegabytes,
        };
    }

    /// <summary>One call: that what is measured is the tool's answer and not a refusal.</summary>
    public static async Task CheckAsync(HttpClient client, Target target)
    {
        using var request = Call(target.Url, target.Tool, target.Arguments, target.Token);
        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        if (response.StatusCode != HttpStatusCode.OK || !body.Contains("\"content\"", StringComparison.Ordinal) || body.Contains("\"isError\":true", StringComparison.Ordinal))
            throw new InvalidOperationException($"{target.Name} at {target.Url} answered {(int)response.StatusCode}: {body}");
    }

    public static HttpRequestMessage Call(Uri url, string tool, string arguments, string? token)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new StringContent(
                $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{} } } }""",
                new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", "2026-07-28");
        request.Headers.TryAddWithoutValidation("Mcp-Method", "tools/call");
        request.Headers.TryAddWithoutValidation("Mcp-Name", tool);
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        return request;
    }

    private static double Microseconds(string output, string percentile)
    {
        var match = Regex.Match(output, $@"^\s+{percentile}%\s+([\d.]+)(us|ms|s)\s*$", RegexOptions.Multiline);
        var value = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        return match.Groups[2].Value switch { "us" => value, "ms" => value * 1e3, _ => value * 1e6 };
    }

    [GeneratedRegex(@"(\d+) requests in ")]
    private static partial Regex Requests();

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();
}
