using System.Text.Json.Nodes;
using Symbolon.Testing;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Jose;

/// <summary>What Python's authlib makes of tokens, as an API would that takes them.</summary>
internal static class PythonVerifier
{
    /// <returns>A line a token: its claims, or why it is none.</returns>
    public static async Task<IReadOnlyList<JsonNode>> VerifyAsync(Uri symbolon, string resource, string[] tokens)
    {
        // Debian's own interpreter: its packages are not for another that stands before it in the path.
        await using var python = ChildProcess.Start("/usr/bin/python3", [Repo.At("tests", "python", "verify.py"), symbolon.GetLeftPart(UriPartial.Authority), resource, .. tokens]);
        Assert.True(await python.ExitAsync(TimeSpan.FromMinutes(1)) == 0, string.Join('\n', python.Errors));
        Assert.Equal(tokens.Length, python.Output.Count);
        return [.. python.Output.Select(line => JsonNode.Parse(line)!)];
    }
}
