using System.Text.Json;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.UnitTests.Architecture;

namespace Symbolon.UnitTests.Files;

[Trait("area", "files")]
public sealed class StdioDocumentTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private const string Upstream = $$$"""
        {"transport":"stdio","command":"/usr/bin/node","args":["/srv/server.js","--verbose"],"env":{"LOG_LEVEL":"debug"},"cwd":"/srv",
         "isolation":"session","era":"legacy","digests":[{"path":"/usr/bin/node","target":"/opt/node/bin/node","digest":"{{{Digest}}}"},{"path":"/srv/server.js","digest":"{{{Digest}}}"}]}
        """;

    [Fact]
    public void A_process_with_every_field_is_read_as_it_says()
    {
        var process = Process(Read(Upstream));
        Assert.Equal(("/usr/bin/node", "/srv", ProcessIsolation.Session, UpstreamEra.Legacy), (process.Command, process.Cwd, process.Isolation, process.Era));
        Assert.Equal(["/srv/server.js", "--verbose"], process.Args);
        Assert.Equal("debug", Assert.Single(process.Env).Value);
        Assert.Equal(
            [new PinnedFile { Path = "/srv/server.js", Target = "/srv/server.js", Digest = Digest }, new PinnedFile { Path = "/usr/bin/node", Target = "/opt/node/bin/node", Digest = Digest }],
            process.Digests);
    }

    [Theory]
    [InlineData(Upstream)]
    [InlineData("""{"transport":"stdio","command":"/bin/x"}""")]
    [InlineData("""{"transport":"stdio","command":"/bin/x","isolation":"caller","args":[""],"env":{"A":""},"cwd":"/"}""")]
    [InlineData($$$"""{"transport":"stdio","command":"/bin/x","digests":[{"path":"/srv/link/../x","target":"/opt/x","digest":"{{{Digest}}}"}]}""")]
    [InlineData("""{"transport":"sse","url":"http://127.0.0.1:1/sse"}""")]
    public void What_is_written_of_an_upstream_reads_as_the_same(string upstream)
    {
        var read = Document(Read(upstream));
        using var again = JsonDocument.Parse(DocumentWriter.Write(read));
        Assert.True(read.SaysTheSameAs(Document(DocumentReader.Read(again.RootElement))));
    }

    [Fact]
    public void A_process_is_shared_and_starts_in_the_root_folder_unless_its_file_says_otherwise()
    {
        var process = Process(Read("""{"transport":"stdio","command":"/bin/x"}"""));
        Assert.Equal((ProcessIsolation.Shared, null, UpstreamEra.Auto), (process.Isolation, process.Cwd, process.Era));
        Assert.Empty(process.Args);
        Assert.Empty(process.Env);
    }

    [Theory]
    [InlineData("; rm -rf /")]
    [InlineData("$(id)")]
    [InlineData("`id`")]
    [InlineData("a b  'c' \"d\" \\ * ? > | & # ~ ! {e,f}")]
    [InlineData("--config=/etc/passwd")]
    [InlineData("../../x")]
    [InlineData("")]
    [InlineData("ä€😀")]
    public void An_argument_is_bytes_that_mean_nothing_to_us(string argument)
    {
        var text = JsonSerializer.Serialize(argument);
        Assert.Equal(argument, Assert.Single(Process(Read($$"""{"transport":"stdio","command":"/bin/x","args":[{{text}}]}""")).Args));
    }

    /// <summary>Members of the upstream, where the error is, its code.</summary>
    public static TheoryData<string, string, string> Refused => new()
    {
        { "\"args\":[]", "command", "missing" }, { "\"command\":\"\"", "command", "missing" }, { "\"command\":7", "command", "wrong_type" },
        { "\"command\":\"npx\"", "command", "bad_value" }, { "\"command\":\"./x\"", "command", "bad_value" }, { "\"command\":\"bin/x\"", "command", "bad_value" },
        { "\"command\":\"/\"", "command", "bad_value" }, { "\"command\":\"/bin/../x\"", "command", "bad_value" }, { "\"command\":\"/bin/./x\"", "command", "bad_value" },
        { "\"command\":\"//x\"", "command", "bad_value" }, { "\"command\":\"/bin/x/\"", "command", "bad_value" }, { "\"command\":\"/bin/x\\n\"", "command", "bad_value" },
        { "\"command\":\"/bin/\\u202ex\"", "command", "bad_value" }, { "\"command\":\"~/x\"", "command", "bad_value" }, { "\"command\":\"$HOME/x\"", "command", "bad_value" },
        { "\"command\":\"/bin/x\",\"url\":\"http://x/\"", "url", "unknown_field" }, { "\"command\":\"/bin/x\",\"shell\":true", "shell", "unknown_field" },
        { "\"command\":\"/bin/x\",\"args\":\"a\"", "args", "wrong_type" }, { "\"command\":\"/bin/x\",\"args\":[7]", "args[0]", "wrong_type" },
        { "\"command\":\"/bin/x\",\"args\":[\"a\\nb\"]", "args[0]", "bad_character" }, { "\"command\":\"/bin/x\",\"args\":[\"a\",\"\\u001b[2J\"]", "args[1]", "bad_character" },
        { "\"command\":\"/bin/x\",\"args\":[\"a\\u200b\"]", "args[0]", "bad_character" },
        { "\"command\":\"/bin/x\",\"env\":[]", "env", "wrong_type" }, { "\"command\":\"/bin/x\",\"env\":{\"A\":1}", "env.A", "wrong_type" },
        { "\"command\":\"/bin/x\",\"env\":{\"A=B\":\"\"}", "env.A=B", "bad_name" }, { "\"command\":\"/bin/x\",\"env\":{\"1A\":\"\"}", "env.1A", "bad_name" },
        { "\"command\":\"/bin/x\",\"env\":{\"\":\"\"}", "env.", "bad_name" }, { "\"command\":\"/bin/x\",\"env\":{\"A\":\"x\\ny\"}", "env.A", "bad_character" },
        { "\"command\":\"/bin/x\",\"cwd\":\"srv\"", "cwd", "bad_value" }, { "\"command\":\"/bin/x\",\"cwd\":\"/srv/../x\"", "cwd", "bad_value" },
        { "\"command\":\"/bin/x\",\"isolation\":\"none\"", "isolation", "bad_value" }, { "\"command\":\"/bin/x\",\"era\":\"new\"", "era", "bad_value" },
        { "\"command\":\"/bin/x\",\"digests\":{}", "digests", "wrong_type" }, { "\"command\":\"/bin/x\",\"digests\":[{\"path\":\"/bin/x\"}]", "digests[0].digest", "missing" },
        { "\"command\":\"/bin/x\",\"digests\":[{\"path\":\"/bin/x\",\"digest\":\"sha256:00\"}]", "digests[0].digest", "bad_value" },
        { "\"command\":\"/bin/x\",\"digests\":[{\"path\":\"x\",\"digest\":\"" + Digest + "\"}]", "digests[0].path", "bad_value" },
        { "\"command\":\"/bin/x\",\"digests\":[{\"path\":\"/a/../x\",\"digest\":\"" + Digest + "\"}]", "digests[0].target", "missing" },
        { "\"command\":\"/bin/x\",\"digests\":[{\"path\":\"/x\",\"digest\":\"" + Digest + "\"},{\"path\":\"/x\",\"digest\":\"" + Digest + "\"}]", "digests", "duplicate" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_process_that_is_not_said_rightly_is_refused_with_its_place(string members, string at, string code)
    {
        var error = Assert.Single(Read($$"""{"transport":"stdio",{{members}}}""").Errors);
        Assert.Equal(($"spec.upstream.{at}", code), (error.Path, error.Code));
    }

    [Theory]
    [InlineData("LD_PRELOAD")]
    [InlineData("LD_LIBRARY_PATH")]
    [InlineData("ld_preload")]
    [InlineData("DYLD_INSERT_LIBRARIES")]
    [InlineData("NODE_OPTIONS")]
    [InlineData("Node_Options")]
    [InlineData("NPM_CONFIG_NODE_OPTIONS")]
    [InlineData("npm_config_script_shell")]
    [InlineData("PYTHONPATH")]
    [InlineData("PYTHONSTARTUP")]
    [InlineData("DOTNET_STARTUP_HOOKS")]
    [InlineData("CORECLR_PROFILER_PATH")]
    [InlineData("JAVA_TOOL_OPTIONS")]
    [InlineData("RUBYOPT")]
    [InlineData("PERL5OPT")]
    [InlineData("BASH_ENV")]
    [InlineData("ENV")]
    [InlineData("IFS")]
    [InlineData("PATH")]
    [InlineData("SYMBOLON_TOKEN")]
    [InlineData("symbolon_anything")]
    public void A_variable_by_which_code_is_loaded_is_refused_as_plain_value_and_as_credential(string name)
    {
        var plain = Assert.Single(Read($$$"""{"transport":"stdio","command":"/bin/x","env":{"{{{name}}}":"x"} }""").Errors);
        Assert.Equal(($"spec.upstream.env.{name}", "bad_name"), (plain.Path, plain.Code));
        var secret = Assert.Single(Read("""{"transport":"stdio","command":"/bin/x"}""", $$"""{"mode":"static","env":"{{name}}","secret":"s","expires":"2027-01-31"}""").Errors);
        Assert.Equal(("spec.credential.env", "bad_name"), (secret.Path, secret.Code));
        Assert.Contains(name, secret.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/usr/bin/env", "NODE_OPTIONS=--require=/x.js")]
    [InlineData("/usr/bin/env", "LD_PRELOAD=/x.so")]
    [InlineData("/usr/bin/env", "-S LD_PRELOAD=/x.so node")]
    [InlineData("/usr/bin/sudo", "PYTHONPATH=/x")]
    [InlineData("/usr/bin/systemd-run", "--setenv=LD_PRELOAD=/x.so")]
    public void An_argument_sets_no_variable_by_which_code_is_loaded(string command, string argument)
    {
        var refused = Assert.Single(Read($$$"""{"transport":"stdio","command":"{{{command}}}","args":["A=b","{{{argument}}}","/bin/x"]}""").Errors);
        Assert.Equal(("spec.upstream.args[1]", "bad_name"), (refused.Path, refused.Code));
        Assert.Empty(Read($$$"""{"transport":"stdio","command":"/srv/own","args":["{{{argument}}}"]}""").Errors);
    }

    [Fact]
    public void The_guide_names_every_variable_that_is_refused()
    {
        var guide = File.ReadAllText(Repository.Of("docs", "guides", "add-a-server.md"));
        Assert.True(EnvName.RefusedNames.Count > 50);
        Assert.All(EnvName.RefusedNames.Concat(EnvName.RefusedBeginnings), name => Assert.Contains($"`{name}`", guide, StringComparison.Ordinal));
    }

    [Fact]
    public void Counts_and_lengths_have_limits_that_the_error_names()
    {
        Assert.Empty(With("args", Texts(StdioRules.Args, 3)).Errors);
        Assert.Equal("too_many", Limit(With("args", Texts(StdioRules.Args + 1, 3)), StdioRules.Args));
        Assert.Empty(With("args", Texts(1, StdioRules.LongestArg)).Errors);
        Assert.Equal("too_long", Limit(With("args", Texts(1, StdioRules.LongestArg + 1)), StdioRules.LongestArg));
        Assert.Equal("too_long", Limit(With("args", Texts(9, StdioRules.LongestArg)), StdioRules.AllArgs));
        Assert.Empty(With("env", Variables(StdioRules.Variables, StdioRules.LongestValue)).Errors);
        Assert.Equal("too_many", Limit(With("env", Variables(StdioRules.Variables + 1, 1)), StdioRules.Variables));
        Assert.Equal("too_long", Limit(With("env", Variables(1, StdioRules.LongestValue + 1)), StdioRules.LongestValue));
        Assert.Equal("too_long", Limit(With("cwd", $"\"/{new string('x', StdioRules.LongestPath)}\""), StdioRules.LongestPath));

        static string Texts(int count, int length) => $"[{string.Join(',', Enumerable.Repeat($"\"{new string('a', length)}\"", count))}]";
        static string Variables(int count, int length) => $"{{{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"V{i}\":\"{new string('a', length)}\""))}}}";
        static DocumentReading With(string member, string json) => Read($$"""{"transport":"stdio","command":"/bin/x","{{member}}":{{json}}}""");
        static string Limit(DocumentReading reading, int limit)
        {
            var error = Assert.Single(reading.Errors);
            Assert.Contains(limit.ToString(System.Globalization.CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
            return error.Code;
        }
    }

    [Fact]
    public void The_credential_of_a_process_is_a_variable_and_that_of_an_address_a_header()
    {
        const string Env = """{"mode":"static","env":"API_KEY","secret":"s","expires":"2027-01-31"}""";
        const string Header = """{"mode":"static","header":"X-Key","secret":"s","expires":"2027-01-31"}""";
        const string Stdio = """{"transport":"stdio","command":"/bin/x"}""";
        const string Sse = """{"transport":"sse","url":"http://127.0.0.1:1/sse"}""";
        Assert.Equal(new UpstreamCredential.Static { Env = "API_KEY", Secret = "s", Expires = new DateOnly(2027, 1, 31) }, Document(Read(Stdio, Env)).Manifest.Credential);
        Assert.Equal(new UpstreamCredential.Static { Header = "X-Key", Secret = "s", Expires = new DateOnly(2027, 1, 31) }, Document(Read(Sse, Header)).Manifest.Credential);
        Assert.Equal(["spec.credential.header", "spec.credential.env"], Read(Stdio, Header).Errors.Select(error => error.Path));
        Assert.Equal(["spec.credential.env", "spec.credential.header"], Read(Sse, Env).Errors.Select(error => error.Path));
        var both = Assert.Single(Read("""{"transport":"stdio","command":"/bin/x","env":{"API_KEY":"plain"}}""", Env).Errors);
        Assert.Equal(("spec.credential.env", "duplicate"), (both.Path, both.Code));
    }

    [Theory]
    [InlineData("""{"transport":"sse"}""", "url", "missing")]
    [InlineData("""{"transport":"sse","url":"file:///x"}""", "url", "bad_value")]
    [InlineData("""{"transport":"sse","url":"http://x/","era":"modern"}""", "era", "unknown_field")]
    [InlineData("""{"transport":"sse","url":"http://x/","command":"/bin/x"}""", "command", "unknown_field")]
    [InlineData("""{"transport":"http","url":"http://x/","command":"/bin/x"}""", "command", "unknown_field")]
    [InlineData("""{"transport":"websocket","url":"http://x/"}""", "transport", "bad_value")]
    [InlineData("""{"transport":7,"url":"http://x/"}""", "transport", "wrong_type")]
    public void A_member_of_another_transport_is_refused(string upstream, string at, string code)
    {
        var error = Assert.Single(Read(upstream).Errors);
        Assert.Equal(($"spec.upstream.{at}", code), (error.Path, error.Code));
    }

    [Fact]
    public void People_see_where_each_argument_ends()
    {
        var process = Process(Read("""{"transport":"stdio","command":"/bin/x","args":["a","b c","","it's","$(id);"]}"""));
        Assert.Equal(@"/bin/x a 'b c' '' 'it'\''s' '$(id);'", process.Shown);
    }

    private static DocumentReading Read(string upstream, string credential = """{"mode":"none"}""") => Documents.Read(
        $$$"""{"apiVersion":"symbolon/v1","kind":"Server","metadata":{"name":"x","owner":"a@b.c"},"spec":{"upstream":{{{upstream}}},"credential":{{{credential}}}}}""");

    private static Document.Server Document(DocumentReading reading)
    {
        Assert.Empty(reading.Errors);
        return Assert.IsType<Document.Server>(reading.Document);
    }

    private static UpstreamAddress.Stdio Process(DocumentReading reading) => Assert.IsType<UpstreamAddress.Stdio>(Document(reading).Manifest.Upstream);
}
