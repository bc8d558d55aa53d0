using System.Net;
using System.Runtime.Versioning;
using Symbolon.Testing;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Cli;

/// <summary>The commands that the README tells newcomers to type, read out of it and run by a shell.</summary>
[Trait("area", "cli")]
[UnsupportedOSPlatform("windows")]
public sealed class ReadmeTests
{
    private const UnixFileMode Program = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [Fact]
    public async Task The_first_steps_lead_from_a_server_to_a_token_that_calls_it()
    {
        var folder = Directory.CreateTempSubdirectory("symbolon-readme-").FullName;
        await using var sample = await SampleServer.StartAsync("Clock");
        await using var symbolon = await SymbolonProcess.StartAsync();
        try
        {
            // The data folder where the README says that it is, and the newcomer at the editor.
            Directory.CreateDirectory(Path.Combine(folder, ".local", "share"));
            Directory.CreateSymbolicLink(Path.Combine(folder, ".local", "share", "symbolon"), symbolon.Folder);
            Put(Path.Combine(folder, "symbolon"), $"exec '{SymbolonProcess.Program}' \"$@\"");
            Put(Path.Combine(folder, "editor"), "grep -q 'effect: read' \"$1\" && ! grep -q 'effect: write' \"$1\" && sed -i 's/^\\( *\\)effect: read/&\\n\\1flags: [open-world]/' \"$1\"");
            var commands = Block("The first steps with your own server");
            Assert.Contains("http://127.0.0.1:7001/mcp", commands, StringComparison.Ordinal);
            Put(Path.Combine(folder, "steps"), "set -eu\ncd \"$HOME\"\n" + commands.Replace("http://127.0.0.1:7001/mcp", sample.Url.ToString(), StringComparison.Ordinal));

            await using var shell = ChildProcess.Start("/bin/bash", [Path.Combine(folder, "steps")], new Dictionary<string, string?>
            {
                ["HOME"] = folder,
                ["XDG_DATA_HOME"] = null,
                ["EDITOR"] = Path.Combine(folder, "editor"),
                ["SYMBOLON_URL"] = symbolon.Url.GetLeftPart(UriPartial.Authority),
                ["SYMBOLON_TOKEN"] = null,
            });
            var code = await shell.ExitAsync(TimeSpan.FromMinutes(2));

            Assert.True(code == 0, string.Join('\n', [.. shell.Output, .. shell.Errors]));
            var token = shell.Output[^1];
            Assert.Matches("^sym_usr_[0-9A-Za-z]{49}$", token);
            using var wire = new McpWire(symbolon.Url);
            Assert.Equal(["days_until", "now"], (await wire.ToolsAsync("deploy", token)).Order(StringComparer.Ordinal));
            Assert.Equal(HttpStatusCode.OK, (await wire.CallAsync("deploy", token, "now")).Status);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The text between the fences that follow a heading.</summary>
    private static string Block(string heading)
    {
        var readme = File.ReadAllText(Repo.At("README.md"));
        var at = readme.IndexOf($"## {heading}\n```\n", StringComparison.Ordinal);
        Assert.True(at >= 0, $"The README has no block of commands under '{heading}'.");
        var from = readme.IndexOf("```\n", at, StringComparison.Ordinal) + 4;
        return readme[from..readme.IndexOf("```", from, StringComparison.Ordinal)];
    }

    private static void Put(string file, string script)
    {
        File.WriteAllText(file, $"#!/bin/bash\n{script}\n");
        File.SetUnixFileMode(file, Program);
    }
}
