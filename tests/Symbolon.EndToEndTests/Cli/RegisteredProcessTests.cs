using System.Text.Json.Nodes;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Cli;

/// <summary>
/// <c>symbolon server register … -- COMMAND</c> with real processes, also with such that no sane server is.
/// IDENTITY.md section 5, no. 20.
/// </summary>
[Trait("area", "cli")]
public sealed class RegisteredProcessTests(CommandJourney journey) : IClassFixture<CommandJourney>
{
    private static readonly string Node = NodeProgram.File("node_modules", "node", "bin", "node");

    /// <summary>Answers as a server with one tool, and says in a file how it was started.</summary>
    private const string Server = """
        const fs = require('fs');
        fs.writeFileSync(process.env.SEEN, JSON.stringify({ args: process.argv.slice(2), env: process.env, cwd: process.cwd() }));
        console.log('a banner that is no message');
        require('readline').createInterface({ input: process.stdin }).on('line', line => {
          const { id, method } = JSON.parse(line);
          if (id === undefined) return;
          const result = method === 'initialize' ? { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'x', version: '1' } }
            : method === 'tools/list' ? { tools: [{ name: 'delete_all', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } }] } : null;
          console.log(JSON.stringify(result ? { jsonrpc: '2.0', id, result } : { jsonrpc: '2.0', id, error: { code: -32601, message: 'no' } }));
        });
        """;

    [Fact]
    public async Task A_command_is_registered_with_its_files_and_arguments_and_shown_as_that()
    {
        var script = Write("plain.js", Server);
        var draft = Path.Combine(journey.Folder, "plain.yaml");
        var registered = (await RegisterAsync("plain", ["--env", $"SEEN={Seen("plain")}", "--out", draft, "--isolation", "caller"], Node, script, "; touch /tmp/x", "$(id)", "`id`", "a b", "")).Expect();
        Assert.Contains($"pinned: {script} (sha256:", registered.Errors, StringComparison.Ordinal);
        Assert.Contains("not pinned: what these files load", registered.Errors, StringComparison.Ordinal);
        Assert.Contains("tool delete_all: declared read, assessed irreversible", registered.Errors, StringComparison.Ordinal);
        Assert.Equal(["; touch /tmp/x", "$(id)", "`id`", "a b", ""], SeenBy("plain")["args"]!.AsArray().Select(argument => (string)argument!));

        var shown = (await journey.Symbolon.RunAsync("server", "show", "plain", "-o", "json")).Expect().Json;
        var process = shown["pending"]!["process"]!;
        Assert.Equal(("stdio", Node, "caller"), ((string)shown["transport"]!, (string)process["command"]!, (string)process["isolation"]!));
        Assert.Equivalent(new[] { script, Node }, process["digests"]!.AsArray().Select(pin => (string)pin!["path"]!), strict: true);
        Assert.Contains($"{script} '; touch /tmp/x'", (await journey.Symbolon.RunAsync("server", "list")).Expect().Output, StringComparison.Ordinal);

        var tools = (await journey.Symbolon.RunAsync("tool", "list", "plain")).Expect();
        Assert.Contains("\tirreversible\tread\tdeclared read, assessed irreversible", tools.Output, StringComparison.Ordinal);
        Assert.Contains("1 of 1 tools differ", tools.Errors, StringComparison.Ordinal);
        var listed = (await journey.Symbolon.RunAsync("tool", "list", "plain", "--version", "pending", "-o", "json")).Expect().Json[0]!;
        Assert.Equal(("irreversible", true), ((string?)listed["assessed"]!["effect"], (bool)listed["declared"]!["readOnlyHint"]!));
        (await journey.Symbolon.RunAsync("tool", "list", "nosuch")).Expect(5);

        var planned = (await journey.Symbolon.RunAsync("plan", "-f", draft)).Expect();
        Assert.Contains("unchanged", planned.Output, StringComparison.Ordinal);
        File.WriteAllText(draft, File.ReadAllText(draft).Replace("isolation: caller", "isolation: session", StringComparison.Ordinal));
        Assert.Contains($"server plain starts {Node} {script}", (await journey.Symbolon.RunAsync("plan", "-f", draft)).Expect(2).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_changed_before_the_approval_is_refused_and_one_that_did_not_is_approved()
    {
        var script = Write("changing.js", Server);
        (await RegisterAsync("changing", ["--env", $"SEEN={Seen("changing")}"], Node, script)).Expect();
        File.AppendAllText(script, "\n// evil");
        var refused = await journey.Symbolon.RunAsync("server", "approve", "changing", "--version", "1", "-o", "json");
        Assert.Contains("file_changed", refused.Expect(6).Errors, StringComparison.Ordinal);
        Assert.Equal("pending", (string?)(await journey.Symbolon.RunAsync("server", "show", "changing", "-o", "json")).Expect().Json["state"]);

        (await RegisterAsync("changing", ["--env", $"SEEN={Seen("changing")}"], Node, script)).Expect();
        (await journey.Symbolon.RunAsync("server", "approve", "changing", "--version", "2")).Expect();
        Assert.Equal("active", (string?)(await journey.Symbolon.RunAsync("server", "show", "changing", "-o", "json")).Expect().Json["state"]);
    }

    [Fact]
    public async Task The_process_finds_what_was_given_and_nothing_else_of_its_operator()
    {
        var script = Write("env.js", Server);
        var key = Write("env.key", "s3cret\n");
        (await RegisterAsync("env", ["--env", $"SEEN={Seen("env")}", "--secret-env", $"API_KEY=@{key}", "--cwd", journey.Folder], Node, "env.js")).Expect();
        var seen = SeenBy("env");
        Assert.Equal(["API_KEY", "HOME", "LANG", "PATH", "SEEN", "SYMBOLON_REGISTERING"], seen["env"]!.AsObject().Select(variable => variable.Key).Order(StringComparer.Ordinal));
        Assert.Equal(("s3cret", journey.Folder), ((string)seen["env"]!["API_KEY"]!, (string)seen["cwd"]!));
        var shown = (await journey.Symbolon.RunAsync("server", "show", "env", "-o", "json")).Expect();
        Assert.DoesNotContain("s3cret", shown.Output, StringComparison.Ordinal);
        Assert.Equal(("API_KEY", "env"), ((string)shown.Json["pending"]!["credential"]!["env"]!, (string)shown.Json["pending"]!["credential"]!["secret"]!));
        Assert.Equivalent(new[] { script, Node }, shown.Json["pending"]!["process"]!["digests"]!.AsArray().Select(pin => (string)pin!["path"]!), strict: true);
    }

    [Theory]
    [InlineData("LD_PRELOAD=/tmp/x.so")]
    [InlineData("NODE_OPTIONS=--require=/tmp/x.js")]
    [InlineData("node_options=--require=/tmp/x.js")]
    [InlineData("PATH=/tmp")]
    [InlineData("SYMBOLON_TOKEN=x")]
    public async Task A_variable_that_loads_code_is_refused_and_nothing_is_started(string variable)
    {
        var script = Write("loaded.js", Server);
        (await RegisterAsync("loaded", ["--env", $"SEEN={Seen("loaded")}", "--env", variable], Node, script)).Expect(3);
        Assert.False(File.Exists(Seen("loaded")));
    }

    [Fact]
    public async Task What_is_typed_wrong_is_told_and_nothing_is_started()
    {
        var script = Write("wrong.js", Server);
        (await journey.Symbolon.RunAsync("server", "register", "wrong", "--owner", "o@example.com", Node, script)).Expect(3);
        (await journey.Symbolon.RunAsync("server", "register", "wrong", "stray", "--owner", "o@example.com", "--", Node, script)).Expect(3);
        (await RegisterAsync("wrong", ["--url", "http://127.0.0.1:1/mcp"], Node, script)).Expect(3);
        (await RegisterAsync("wrong", ["--header", "X-Key=@/x"], Node, script)).Expect(3);
        (await RegisterAsync("wrong", [], "no-such-command-here")).Expect(3);
        (await RegisterAsync("wrong", [], "/no/such/file")).Expect(3);
        (await RegisterAsync("wrong", [], script)).Expect(3);
        Assert.Contains("control", (await RegisterAsync("wrong", [], Node, script, "a\nb")).Expect(1).Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Seen("wrong")));
        (await journey.Symbolon.RunAsync("server", "show", "wrong")).Expect(5);
    }

    [Fact]
    public async Task A_launcher_that_fetches_says_that_its_digest_says_nothing()
    {
        var script = Write("fetched.js", Server);
        var npx = Executable("npx", $"#!/bin/sh\nexec {Node} {script} \"$@\"\n");
        var registered = (await RegisterAsync("fetched", ["--env", $"SEEN={Seen("fetched")}"], npx, "-y", "some-package")).Expect();
        Assert.Contains("not pinned: what npx fetches and runs", registered.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_linked_command_says_which_file_really_runs()
    {
        var script = Write("linked.js", Server);
        var link = Path.Combine(journey.Folder, "my-node");
        File.CreateSymbolicLink(link, Node);
        var registered = (await RegisterAsync("linked", ["--env", $"SEEN={Seen("linked")}"], link, script)).Expect();
        Assert.Contains($"pinned: {link}, which is {Node} (sha256:", registered.Errors, StringComparison.Ordinal);
        Assert.Contains($"pinned: {script} (sha256:", registered.Errors, StringComparison.Ordinal);
    }

    /// <summary>What a process does, and what is said about it.</summary>
    public static TheoryData<string, string> Naughty => new()
    {
        { "echo it went wrong >&2; exit 3", "It ended with exit code 3" },
        { "exit 0", "It ended with exit code 0" },
        { "exec sleep 600", "did not answer within 1 s" },
        { "trap '' TERM INT HUP; while :; do sleep 1; done", "did not answer within 1 s" },
        { "while :; do echo garbage; sleep 0.01; done", "did not answer within 1 s" },
        { "head -c 1000000000 /dev/zero; sleep 600", "a line of more than 16 MiB" },
        { "yes", "more than 64 MiB" },
        { "read x; echo '{\"jsonrpc\":\"2.0\",\"id\":1'; sleep 600", "no JSON" },
        { "read x; echo '{\"jsonrpc\":\"2.0\",\"id\":77,\"result\":{}}'; sleep 600", "did not answer within 1 s" },
        { "exec 1>&-; sleep 600", "It closed its output" },
    };

    [Theory]
    [MemberData(nameof(Naughty))]
    public async Task A_process_that_is_no_server_is_bounded_and_leaves_nothing_behind(string does, string said)
    {
        var pids = Path.Combine(journey.Folder, $"{Guid.NewGuid():n}.pids");
        var script = Executable($"{Guid.NewGuid():n}.sh", $"#!/bin/sh\necho $$ >>{pids}\n{does}\n");
        var refused = await RegisterAsync("naughty", ["--timeout", said.StartsWith("did not answer", StringComparison.Ordinal) ? "1s" : "30s"], script);
        Assert.Contains(said, refused.Expect(1).Errors, StringComparison.Ordinal);
        AssertEnded(pids, atLeast: 2);
        (await journey.Symbolon.RunAsync("server", "show", "naughty")).Expect(5);
    }

    [Fact]
    public async Task Standard_error_is_shown_where_it_failed_and_only_the_end_of_it()
    {
        var script = Executable("noisy.sh", "#!/bin/sh\nseq 1 200000 >&2\nprintf 'the \\033[31mreason\\n' >&2\nexit 1\n");
        var refused = (await RegisterAsync("noisy", [], script)).Expect(1);
        Assert.Contains("stderr: the ", refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("stderr: 100000", refused.Errors, StringComparison.Ordinal);
        Assert.True(refused.Errors.Length < 10_000);
    }

    [Fact]
    public async Task A_secret_that_a_process_prints_and_code_in_an_argument_are_told_for_what_they_are()
    {
        var key = Write("printed.key", "s3cret-canary\n");
        var script = Executable("printing.sh", "#!/bin/sh\necho \"key is $API_KEY\" >&2\nexit 1\n");
        var refused = (await RegisterAsync("printing", ["--secret-env", $"API_KEY=@{key}"], script)).Expect(1);
        Assert.Contains("stderr: key is [secret]", refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", refused.Errors + refused.Output, StringComparison.Ordinal);

        var server = Write("coded.js", Server);
        var registered = (await RegisterAsync("coded", ["--env", $"SEEN={Seen("coded")}"], "sh", "-c", $"exec {Node} {server}")).Expect();
        Assert.Contains("not pinned: what the argument behind -c names or runs", registered.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Children_that_left_their_parent_are_ended_too()
    {
        var pids = Path.Combine(journey.Folder, "daemon.pids");
        var script = Executable("daemon.sh", $"#!/bin/sh\n(setsid sh -c 'trap \"\" TERM HUP; echo $$ >>{pids}; while :; do sleep 1; done' >/dev/null 2>&1 &)\nsleep 600 & echo $! >>{pids}\nwhile [ $(wc -l <{pids}) -lt 2 ]; do :; done\necho $$ >>{pids}\nexec sleep 600\n");
        (await RegisterAsync("daemon", ["--timeout", "3s"], script)).Expect(1);
        AssertEnded(pids, atLeast: 6);
    }

    private static void AssertEnded(string pids, int atLeast)
    {
        var started = File.ReadAllLines(pids);
        Assert.True(started.Length >= atLeast, $"{started.Length} processes were started");
        // What is dead and not yet waited for by init still has an entry, but no memory.
        Assert.All(started, pid => Assert.False(Directory.Exists($"/proc/{pid}") && File.ReadAllText($"/proc/{pid}/cmdline").Length > 0, $"{pid} is alive"));
    }

    private Task<CommandResult> RegisterAsync(string name, string[] options, params string[] command) =>
        journey.Symbolon.RunAsync(["server", "register", name, "--owner", "o@example.com", .. options, "--", .. command]);

    private string Seen(string name) => Path.Combine(journey.Folder, $"{name}.seen");

    private JsonNode SeenBy(string name) => JsonNode.Parse(File.ReadAllText(Seen(name)))!;

    private string Write(string name, string text)
    {
        var path = Path.Combine(journey.Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private string Executable(string name, string text)
    {
        var path = Write(name, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
