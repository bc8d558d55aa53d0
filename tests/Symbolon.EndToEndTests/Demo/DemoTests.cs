using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Symbolon.Testing;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Demo;

/// <summary><c>symbolon demo</c> as a user starts it.</summary>
[Trait("area", "demo")]
[UnsupportedOSPlatform("windows")]
public sealed class DemoTests
{
    [Fact]
    public async Task Once_shows_every_step_and_ends_with_0()
    {
        await using var demo = ChildProcess.Start(SymbolonProcess.Program, ["demo", "--once"]);

        Assert.Equal(0, await demo.ExitAsync(TimeSpan.FromMinutes(2)));
        Assert.DoesNotContain(demo.Output, line => line.Contains('✘', StringComparison.Ordinal));
        Assert.Contains(demo.Output, line => line.Contains("✔ Verified:", StringComparison.Ordinal));
        Assert.Contains(demo.Output, line => line.Contains("The rule orders/large-orders denies this call of 'add_order'. Ask the warehouse first.", StringComparison.Ordinal));
        Assert.Contains(demo.Output, line => ((string[])["call_intent", "add_order", "refused", "denied_by_policy", "orders/large-orders"]).All(cell => line.Contains(cell, StringComparison.Ordinal)));
        Assert.Contains(demo.Output, line => line.Contains("✔ and what the rule that only observes would have done", StringComparison.Ordinal));
        Assert.Contains(demo.Output, line => line.Contains("person=alice@example.com agent=claude-code server=releases-", StringComparison.Ordinal));
        Assert.Equal(2, demo.Output.Count(line => line.Contains("✔ the API refuses the second instance", StringComparison.Ordinal)));
        Assert.Contains(demo.Output, line => line.Contains("✔ the other one goes on", StringComparison.Ordinal));
        Assert.Equal("Every step went as it should.", demo.Output[^1]);
        Assert.Empty(demo.Errors);
    }

    [Fact]
    public async Task A_folder_can_be_used_again()
    {
        var folder = Directory.CreateTempSubdirectory("symbolon-demo-test-").FullName;
        try
        {
            for (var run = 0; run < 2; run++)
            {
                await using var demo = ChildProcess.Start(SymbolonProcess.Program, ["demo", "--once", "--data", folder]);
                Assert.True(await demo.ExitAsync(TimeSpan.FromMinutes(2)) == 0, string.Join('\n', [.. demo.Output, .. demo.Errors]));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Without_its_samples_it_fails()
    {
        using var elsewhere = new CopiedProgram();

        var result = await elsewhere.DemoAsync();

        Assert.Contains("sample", result.Expect(1).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_sample_that_is_no_server_it_fails()
    {
        using var elsewhere = new CopiedProgram();
        elsewhere.Put("Clock", "#!/bin/sh\nexit 0\n");
        elsewhere.Put("Orders", "#!/bin/sh\nexit 0\n");

        var result = await elsewhere.DemoAsync();

        Assert.Contains("did not start", result.Expect(1).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_sample_that_lists_other_tools_a_step_fails()
    {
        using var elsewhere = new CopiedProgram();
        // The clock in the place of the shop: a real server, but not the one of the show.
        var clock = Repo.At("artifacts", "bin", "Clock", "release", "Clock");
        elsewhere.Put("Clock", $"#!/bin/sh\nexec {clock} \"$@\"\n");
        elsewhere.Put("Orders", $"#!/bin/sh\nexec {clock} \"$@\"\n");

        var result = await elsewhere.DemoAsync();

        Assert.Contains("✘ orders lists 2 tools", result.Expect(1).Output, StringComparison.Ordinal);
        Assert.Contains("did not go as it should", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_it_takes_its_samples_along()
    {
        await using var demo = ChildProcess.Start(SymbolonProcess.Program, ["demo"]);
        await demo.LineAsync(line => line.Contains("Ctrl-C ends the demo", StringComparison.Ordinal), TimeSpan.FromMinutes(1));
        Assert.Contains(demo.Output, line => line.Contains("${SYMBOLON_GATEWAY_TOKEN}", StringComparison.Ordinal));
        var samples = ChildrenOf(demo.Id);
        Assert.Equal(2, samples.Count);

        // That process alone, and with no chance to do anything.
        Signal.Send("KILL", demo.Id);

        await Deadline.ForAsync("the samples to end", () => samples.All(id => !Directory.Exists($"/proc/{id}")));
    }

    [Fact]
    public async Task Interrupted_it_ends_in_order()
    {
        await using var demo = ChildProcess.Start(SymbolonProcess.Program, ["demo"]);
        await demo.LineAsync(line => line.Contains("Ctrl-C ends the demo", StringComparison.Ordinal), TimeSpan.FromMinutes(1));

        Signal.Send("INT", demo.Id);

        Assert.Equal(0, await demo.ExitAsync());
        Assert.Empty(demo.Errors);
    }

    [Theory]
    [InlineData("INT", "Ctrl-C ends the demo", 0)]
    [InlineData("TERM", "Ctrl-C ends the demo", 0)]
    [InlineData("INT", "1. ", 130)]
    [InlineData("TERM", "1. ", 130)]
    public async Task Told_to_end_it_leaves_nothing_behind(string signal, string after, int code)
    {
        using var folder = new TemporaryFolders();
        await using var demo = folder.Demo();
        await demo.LineAsync(line => line.Contains(after, StringComparison.Ordinal), TimeSpan.FromMinutes(1));
        Assert.Single(folder.Found);

        Signal.Send(signal, demo.Id);

        Assert.Equal(code, await demo.ExitAsync());
        Assert.Empty(folder.Found);
    }

    [Fact]
    public async Task What_a_killed_demo_left_goes_at_the_next_start_and_nothing_else()
    {
        using var folder = new TemporaryFolders();
        await using (var killed = folder.Demo())
        {
            await killed.LineAsync(line => line.Contains("2. ", StringComparison.Ordinal), TimeSpan.FromMinutes(1));
            killed.Kill();
            await killed.ExitAsync();
        }
        var left = Assert.Single(folder.Found);
        const int Dead = 4_194_303;
        List<string> others =
        [
            folder.Make($"symbolon-demo-{Environment.ProcessId}-alive"),
            folder.Make($"symbolon-demo-{Dead}-shared", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead),
            folder.Make("symbolon-demo-notes"),
            folder.Make($"my-symbolon-demo-{Dead}-x"),
        ];
        // Only root can give a folder away, and only root could remove it then.
        if (Environment.IsPrivilegedProcess)
        {
            others.Add(folder.Make($"symbolon-demo-{Dead}-others"));
            Process.Start("/bin/chown", ["65534", others[^1]]).WaitForExit();
        }
        var elsewhere = folder.Make("elsewhere");
        var link = folder.Link($"symbolon-demo-{Dead}-link", elsewhere);
        var held = folder.Make($"symbolon-demo-{Dead}-held");
        using (new FileStream(Path.Combine(held, "lock"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
        {
            await using var next = folder.Demo("--once");
            Assert.Equal(0, await next.ExitAsync(TimeSpan.FromMinutes(2)));
        }

        Assert.False(Directory.Exists(left));
        Assert.All([.. others, elsewhere, link, held], kept => Assert.True(File.Exists(Path.Combine(kept, "kept")), kept));
    }

    /// <summary>A folder for temporary files of these demos alone.</summary>
    private sealed class TemporaryFolders : IDisposable
    {
        private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        private readonly string folder = Directory.CreateTempSubdirectory("symbolon-temporary-").FullName;

        public IReadOnlyList<string> Found => Directory.GetDirectories(folder, "symbolon-demo-*");

        public ChildProcess Demo(params string[] options) =>
            ChildProcess.Start(SymbolonProcess.Program, ["demo", .. options], new Dictionary<string, string?> { ["TMPDIR"] = folder });

        public string Make(string name, UnixFileMode mode = OwnerOnly)
        {
            var made = Directory.CreateDirectory(Path.Combine(folder, name), mode).FullName;
            File.SetUnixFileMode(made, mode);
            File.WriteAllText(Path.Combine(made, "kept"), "");
            return made;
        }

        public string Link(string name, string target) => Directory.CreateSymbolicLink(Path.Combine(folder, name), target).FullName;

        public void Dispose() => Directory.Delete(folder, recursive: true);
    }

    private static List<int> ChildrenOf(int parent) =>
        [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => name!.All(char.IsAsciiDigit)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture)).Where(id => ParentOf(id) == parent)];

    private static int? ParentOf(int id)
    {
        try
        {
            // The name in parentheses may hold spaces; what follows it is state and parent.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The program's files in another place, where no samples lie beside it.</summary>
    private sealed class CopiedProgram : IDisposable
    {
        private readonly string folder = Directory.CreateTempSubdirectory("symbolon-copy-").FullName;

        public CopiedProgram()
        {
            var source = Path.GetDirectoryName(SymbolonProcess.Program)!;
            foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
            {
                var target = Path.Combine(folder, "Symbolon.Cli", "release", Path.GetRelativePath(source, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }
        }

        public void Put(string sample, string script)
        {
            var program = Path.Combine(folder, sample, "release", sample);
            Directory.CreateDirectory(Path.GetDirectoryName(program)!);
            File.WriteAllText(program, script);
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        public async Task<CommandResult> DemoAsync()
        {
            await using var demo = ChildProcess.Start(Path.Combine(folder, "Symbolon.Cli", "release", "symbolon"), ["demo", "--once"]);
            var code = await demo.ExitAsync(TimeSpan.FromMinutes(2));
            return new CommandResult(code, string.Join('\n', demo.Output), string.Join('\n', demo.Errors));
        }

        public void Dispose() => Directory.Delete(folder, recursive: true);
    }
}
