using Symbolon.Core.Registry;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Registry;

[Trait("area", "registry")]
public sealed class CommandPinTests
{
    private readonly FakePinnedFiles files = new FakePinnedFiles()
        .Put("/opt/node-22/bin/node", "node").Link("/usr/bin/node", "/opt/node-22/bin/node").Put("/srv/server.js", "server").Put("/srv/hook.js", "hook").Put("/srv/data.db", "data").Put("/srv/native", "native");

    [Fact]
    public async Task The_file_that_a_command_leads_to_is_pinned_with_its_digest()
    {
        var (pins, fault) = await TakeAsync("/srv/native", "/srv/data.db");
        Assert.Null(fault);
        Assert.Equal([Pin("/srv/native", "native")], pins);
    }

    [Theory]
    [InlineData("/srv/server.js")]
    [InlineData("server.js")]
    [InlineData("--require=/srv/server.js")]
    [InlineData("--import=server.js")]
    public async Task An_argument_of_an_interpreter_that_is_a_file_is_pinned_too(string argument)
    {
        var (pins, fault) = await TakeAsync("/usr/bin/node", "--flag", argument, "/srv/none.js", "$(id)", "");
        Assert.Null(fault);
        Assert.Equal([new PinnedFile { Path = "/usr/bin/node", Target = "/opt/node-22/bin/node", Digest = FakePinnedFiles.DigestOf("node") }, Pin("/srv/server.js", "server")], pins);
    }

    [Fact]
    public async Task What_stands_above_a_link_is_pinned_both_as_programs_and_as_the_kernel_read_it()
    {
        files.Put("/opt/evil.js", "evil").Link("/srv/link/../evil.js", "/opt/evil.js").Put("/srv/evil.js", "good");
        var (pins, _) = await TakeAsync("/usr/bin/node", "link/../evil.js");
        Assert.Equal([("/usr/bin/node", "/opt/node-22/bin/node"), ("/srv/evil.js", "/srv/evil.js"), ("/srv/link/../evil.js", "/opt/evil.js")], pins.Select(pin => (pin.Path, pin.Target)));
        var server = new UpstreamAddress.Stdio { Command = "/usr/bin/node", Args = ["link/../evil.js"], Cwd = "/srv", Digests = [.. pins] };
        Assert.Null(await CheckAsync(server));
        files.Put("/opt/evil.js", "worse");
        Assert.Equal("file_changed", (await CheckAsync(server))!.Code);
    }

    [Theory]
    [InlineData("/usr/bin/node", true, false)]
    [InlineData("/usr/bin/nodejs", true, false)]
    [InlineData("/usr/bin/python3.13", true, false)]
    [InlineData("/usr/share/dotnet/dotnet", true, false)]
    [InlineData("/bin/sh", true, false)]
    [InlineData("/usr/bin/env", true, false)]
    [InlineData("/lib64/ld-linux-x86-64.so.2", true, false)]
    [InlineData("/usr/lib/node_modules/npm/bin/npx-cli.js", true, true)]
    [InlineData("/usr/bin/npx", true, true)]
    [InlineData("/usr/bin/uvx", true, true)]
    [InlineData("/usr/bin/docker", true, true)]
    [InlineData("/srv/native", false, false)]
    [InlineData("/srv/my-server", false, false)]
    public void Interpreters_and_launchers_are_known_by_the_name_of_their_file(string path, bool launches, bool fetches) =>
        Assert.Equal((launches, fetches), (Launcher.Is(path), Launcher.Fetches(path)));

    [Fact]
    public async Task A_link_with_another_name_is_the_interpreter_that_it_leads_to()
    {
        files.Link("/usr/local/bin/my-server", "/opt/node-22/bin/node");
        var (pins, _) = await TakeAsync("/usr/local/bin/my-server", "/srv/server.js");
        Assert.Equal(["/usr/local/bin/my-server", "/srv/server.js"], pins.Select(pin => pin.Path));
    }

    [Fact]
    public async Task Nothing_is_said_while_every_file_is_the_same() => Assert.Null(await CheckAsync(await PinnedAsync()));

    [Theory]
    [InlineData("/opt/node-22/bin/node", "/usr/bin/node")]
    [InlineData("/srv/server.js", "/srv/server.js")]
    public async Task A_file_that_was_replaced_is_told_with_both_digests(string file, string path)
    {
        var server = await PinnedAsync();
        files.Put(file, "evil");
        var fault = await CheckAsync(server);
        Assert.Equal(("file_changed", path), (fault!.Code, fault.Path));
        Assert.Contains(FakePinnedFiles.DigestOf("evil"), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_that_leads_elsewhere_is_a_change_even_to_the_same_bytes()
    {
        var server = await PinnedAsync();
        files.Put("/tmp/node", "node").Link("/usr/bin/node", "/tmp/node");
        Assert.Equal(("file_changed", "/usr/bin/node"), await CheckAsync(server) switch { { } fault => (fault.Code, fault.Path), _ => default });
    }

    [Fact]
    public async Task A_link_to_another_pinned_file_is_a_change()
    {
        var server = await PinnedAsync();
        files.Link("/usr/bin/node", "/srv/server.js");
        Assert.Equal("file_changed", (await CheckAsync(server))!.Code);
    }

    [Fact]
    public async Task A_file_that_is_gone_or_cannot_be_read_is_a_fault()
    {
        var server = await PinnedAsync();
        files.Unreadable.Add("/srv/server.js");
        Assert.Equal("file_unreadable", (await CheckAsync(server))!.Code);
        files.Remove("/opt/node-22/bin/node");
        Assert.Equal("file_missing", (await CheckAsync(server))!.Code);
    }

    [Fact]
    public async Task A_command_or_script_without_digest_is_a_fault()
    {
        var server = await PinnedAsync();
        Assert.Equal(("file_not_pinned", "/usr/bin/node"), await CheckAsync(server with { Digests = [] }) switch { { } fault => (fault.Code, fault.Path), _ => default });
        Assert.Equal(("file_not_pinned", "/srv/server.js"), await CheckAsync(server with { Digests = [server.Digests[0]] }) switch { { } fault => (fault.Code, fault.Path), _ => default });
    }

    [Fact]
    public async Task A_file_that_appears_where_an_argument_named_none_is_a_fault()
    {
        var server = await PinnedAsync("/srv/late.js");
        Assert.Null(await CheckAsync(server));
        files.Put("/srv/late.js", "evil");
        Assert.Equal(("file_not_pinned", "/srv/late.js"), await CheckAsync(server) switch { { } fault => (fault.Code, fault.Path), _ => default });
    }

    [Theory]
    [InlineData("/srv/app", "/srv/app/index.js")]
    [InlineData("app/", "/srv/app/package.json")]
    [InlineData("/srv/app", "/srv/app/__main__.py")]
    [InlineData("/srv/app/index", "/srv/app/index.js")]
    public async Task The_file_that_an_interpreter_finds_in_a_folder_or_by_a_shorter_name_is_pinned(string argument, string file)
    {
        files.Put(file, file.EndsWith(".json", StringComparison.Ordinal) ? "{}" : "program").Put("/srv/data/index.js", "what a caller writes");
        var server = new UpstreamAddress.Stdio { Command = "/usr/bin/node", Args = ["--flag", argument, "/srv/data"], Cwd = "/srv" };
        var (pins, fault) = await CommandPin.TakeAsync(server, files, CancellationToken.None);
        Assert.Null(fault);
        Assert.Equal([file], pins.Skip(1).Select(pin => pin.Path));
        var approved = server with { Digests = [.. pins] };
        Assert.Null(await CheckAsync(approved));
        Assert.Equal(("file_not_pinned", file), await CheckAsync(server with { Digests = [pins[0]] }) is { } missing ? (missing.Code, missing.Path) : default);
        files.Put(file, "another");
        Assert.Equal(("file_changed", file), await CheckAsync(approved) is { } changed ? (changed.Code, changed.Path) : default);
    }

    public static TheoryData<string, string, string[]> FirstLines => new()
    {
        { "an interpreter", "#!/usr/bin/node --flag\nconsole.log(1)", ["/usr/bin/node"] },
        { "spaces and no end", "#! \t/usr/bin/node", ["/usr/bin/node"] },
        { "what env finds on the PATH", "#!/usr/bin/env node\n", ["/usr/bin/env", "/usr/bin/node"] },
        { "what env cuts", "#!/usr/bin/env -S node --require=/srv/hook.js\n", ["/usr/bin/env", "/usr/bin/node", "/srv/hook.js"] },
        { "a script run by a script", "#!/srv/outer\n", ["/srv/outer", "/usr/bin/node"] },
        { "none", "plain", [] },
        { "nothing named", "#!\n", [] },
    };

    [Theory]
    [MemberData(nameof(FirstLines))]
    public async Task What_a_first_line_runs_is_pinned_with_the_program(string what, string text, string[] more)
    {
        files.Put("/usr/bin/env", "env").Put("/srv/outer", "#!/usr/bin/node\n").Put("/srv/tool", text);
        var (pins, fault) = await TakeAsync("/srv/tool", "node", "cat");
        Assert.True(fault is null, what);
        Assert.Equal(["/srv/tool", .. more], pins.Select(pin => pin.Path));
        var server = new UpstreamAddress.Stdio { Command = "/srv/tool", Args = ["node", "cat"], Cwd = "/srv", Digests = [.. pins] };
        Assert.Null(await CheckAsync(server));
        foreach (var path in more)
            Assert.Equal(("file_not_pinned", path), await CheckAsync(server with { Digests = [.. pins.Where(pin => pin.Path != path)] }) is { } missing ? (missing.Code, missing.Path) : default);
        if (more.Length == 0) return;
        files.Put("/opt/node-22/bin/node", "another");
        Assert.Equal("file_changed", (await CheckAsync(server))!.Code);
    }

    [Fact]
    public async Task A_script_whose_interpreter_is_not_there_cannot_be_registered_and_one_that_names_itself_comes_to_an_end()
    {
        files.Put("/srv/tool", "#!/opt/none\n");
        Assert.Equal(("file_missing", "/opt/none"), (await TakeAsync("/srv/tool")).Fault is { } fault ? (fault.Code, fault.Path) : default);
        files.Put("/srv/tool", "#!/srv/tool\n");
        Assert.Equal(["/srv/tool"], (await TakeAsync("/srv/tool")).Pins.Select(pin => pin.Path));
    }

    [Fact]
    public async Task What_a_starter_finds_on_the_path_is_pinned_and_nothing_that_comes_before_it_there_is_run_unseen()
    {
        files.Put("/opt/bin/env", "env").Put("/usr/local/bin/node", "notes").Data.Add("/usr/local/bin/node");
        var (pins, fault) = await TakeAsync("/opt/bin/env", "LEVEL=1", "-i", "node", "server.js");
        Assert.Null(fault);
        Assert.Equal(["/opt/bin/env", "/usr/bin/node", "/srv/server.js"], pins.Select(pin => pin.Path));
        var server = new UpstreamAddress.Stdio { Command = "/opt/bin/env", Args = ["LEVEL=1", "-i", "node", "server.js"], Cwd = "/srv", Digests = [.. pins] };
        Assert.Null(await CheckAsync(server));
        files.Data.Clear();
        Assert.Equal(("file_not_pinned", "/usr/local/bin/node"), await CheckAsync(server) is { } before ? (before.Code, before.Path) : default);
    }

    [Fact]
    public async Task A_starter_that_is_given_a_script_pins_its_interpreter_too()
    {
        files.Put("/usr/bin/nice", "nice").Put("/srv/run", "#!/usr/bin/node\n");
        Assert.Equal(["/usr/bin/nice", "/srv/run", "/usr/bin/node"], (await TakeAsync("/usr/bin/nice", "-n", "5", "/srv/run")).Pins.Select(pin => pin.Path));
    }

    [Theory]
    [InlineData("-r", "./hook.js", "app")]
    [InlineData("--require", "/srv/hook.js", "app")]
    [InlineData("--require=/srv/hook.js", "--flag", "app")]
    [InlineData("-r", "hook", "app")]
    [InlineData("--import=./hook", "--flag", "app")]
    public async Task Code_that_is_loaded_before_the_program_does_not_hide_the_program(params string[] args)
    {
        files.Put("/srv/app.js", "app");
        var (pins, fault) = await TakeAsync("/usr/bin/node", args);
        Assert.Null(fault);
        Assert.Equal(["/srv/hook.js", "/srv/app.js"], pins.Skip(1).Select(pin => pin.Path));
    }

    public static TheoryData<string, string[]> Manifests => new()
    {
        { """{"main":"lib/start"}""", ["/srv/app/lib/start.js"] },
        { """{"main":"./lib/start.js","bin":{"a":"bin/a.mjs","b":"none.js"}}""", ["/srv/app/lib/start.js", "/srv/app/bin/a.mjs"] },
        { """{"main":"lib"}""", ["/srv/app/lib/index.js"] },
        { """{"bin":"bin/a.mjs","exports":{".":{"import":["./esm.mjs"],"default":"./lib/start.js"},"./other":"./other.js"}}""", ["/srv/app/bin/a.mjs", "/srv/app/esm.mjs", "/srv/app/lib/start.js"] },
        { """{"exports":{"import":"./esm.mjs"}}""", ["/srv/app/esm.mjs"] },
        { """{"exports":{"./other":"./other.js"}}""", [] },
        { """{"main":"../outside.js","name":"x"}""", ["/srv/outside.js"] },
        { """{"main":7,"bin":null,"exports":"./*.js"}""", [] },
    };

    [Theory]
    [MemberData(nameof(Manifests))]
    public async Task What_a_package_says_that_it_begins_with_is_pinned(string manifest, string[] more)
    {
        foreach (var file in new[] { "/srv/app/lib/start.js", "/srv/app/lib/index.js", "/srv/app/bin/a.mjs", "/srv/app/esm.mjs", "/srv/app/other.js", "/srv/outside.js" }) files.Put(file, file);
        files.Put("/srv/app/package.json", manifest);
        var server = new UpstreamAddress.Stdio { Command = "/usr/bin/node", Args = ["app"], Cwd = "/srv" };
        var (pins, fault) = await CommandPin.TakeAsync(server, files, CancellationToken.None);
        Assert.Null(fault);
        Assert.Equal(["/srv/app/package.json", .. more], pins.Skip(1).Select(pin => pin.Path));
        var approved = server with { Digests = [.. pins] };
        Assert.Null(await CheckAsync(approved));
        if (more.Length == 0) return;
        files.Put(more[0], "another");
        Assert.Equal(("file_changed", more[0]), await CheckAsync(approved) is { } changed ? (changed.Code, changed.Path) : default);
    }

    [Theory]
    [InlineData("{\"main\":")]
    [InlineData("[]")]
    public async Task A_package_that_cannot_be_read_cannot_be_registered(string manifest)
    {
        files.Put("/srv/app/package.json", manifest);
        Assert.Equal(("file_unreadable", "/srv/app/package.json"), (await TakeAsync("/usr/bin/node", "app")).Fault is { } fault ? (fault.Code, fault.Path) : default);
    }

    [Theory]
    [InlineData("server.js", true)]
    [InlineData("data.db", false)]
    public async Task A_program_by_its_name_is_pinned_whatever_it_is_given_to(string argument, bool isPinned) =>
        Assert.Equal(isPinned ? 2 : 1, (await TakeAsync("/srv/native", argument)).Pins.Count);

    [Fact]
    public async Task What_stands_in_a_folder_that_is_given_to_a_pinned_program_is_its_own_affair()
    {
        var server = await PinnedAsync("/srv/data");
        files.Put("/srv/data/index.js", "what a caller writes");
        Assert.Null(await CheckAsync(server));
    }

    [Fact]
    public async Task What_is_pinned_beyond_what_must_be_is_held_to_as_well()
    {
        var server = new UpstreamAddress.Stdio { Command = "/srv/native", Args = ["/srv/data.db"], Digests = [Pin("/srv/native", "native"), Pin("/srv/data.db", "data")] };
        Assert.Null(await CheckAsync(server));
        files.Put("/srv/data.db", "other");
        Assert.Equal("file_changed", (await CheckAsync(server))!.Code);
    }

    [Fact]
    public async Task A_command_that_is_no_file_cannot_be_pinned()
    {
        var (pins, fault) = await TakeAsync("/srv/none");
        Assert.Empty(pins);
        Assert.Equal("file_missing", fault!.Code);
    }

    private async Task<UpstreamAddress.Stdio> PinnedAsync(params string[] more)
    {
        var server = new UpstreamAddress.Stdio { Command = "/usr/bin/node", Args = ["/srv/server.js", .. more] };
        var (pins, fault) = await CommandPin.TakeAsync(server, files, CancellationToken.None);
        Assert.Null(fault);
        return server with { Digests = [.. pins] };
    }

    private Task<(IReadOnlyList<PinnedFile> Pins, PinFault? Fault)> TakeAsync(string command, params string[] args) =>
        CommandPin.TakeAsync(new UpstreamAddress.Stdio { Command = command, Args = [.. args], Cwd = "/srv" }, files, CancellationToken.None);

    private Task<PinFault?> CheckAsync(UpstreamAddress.Stdio server) => CommandPin.CheckAsync(server, files, CancellationToken.None);

    private static PinnedFile Pin(string path, string text) => new() { Path = path, Target = path, Digest = FakePinnedFiles.DigestOf(text) };
}
