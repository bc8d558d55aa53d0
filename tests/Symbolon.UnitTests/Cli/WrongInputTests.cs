namespace Symbolon.UnitTests.Cli;

/// <summary>What is typed wrong is said in the words of the command line, once, with the next step.</summary>
[Trait("area", "cli")]
public sealed class WrongInputTests
{
    private const string Register = "server register deploy --owner o@example.com --url http://127.0.0.1:1/mcp";

    [Theory]
    [InlineData("servr list", "error: Unrecognized command or argument 'servr'.", "hint: Did you mean server? symbolon --help")]
    [InlineData("server lst", "error: Unrecognized command or argument 'lst'.", "hint: Did you mean list? symbolon server --help")]
    [InlineData("token isue", "error: Unrecognized command or argument 'isue'.", "hint: Did you mean issue? symbolon token --help")]
    [InlineData("server register deploy --ownr o@example.com", "error: Unrecognized command or argument '--ownr'.", "hint: Did you mean --owner? symbolon server register --help")]
    [InlineData("server list --outptu json", "error: Unrecognized command or argument '--outptu'.", "hint: Did you mean --output? symbolon server list --help")]
    [InlineData("server frobnicate", "error: Unrecognized command or argument 'frobnicate'.", "hint: symbolon server --help")]
    public async Task A_misspelt_word_is_named_first_and_the_nearest_is_offered(string line, string error, string hint)
    {
        var fake = new FakeApi();

        Assert.Equal(3, await fake.RunAsync(line));

        var lines = fake.Error.ToString().TrimEnd().Split('\n');
        Assert.Equal(error, lines[^2]);
        Assert.Equal(hint, lines[^1]);
        Assert.Empty(fake.Seen);
    }

    [Theory]
    [InlineData("server register deploy --owner you --url http://127.0.0.1:1/mcp", "--owner must be an e-mail address, not 'you'.")]
    [InlineData("server register deploy --owner o@example.com --url 127.0.0.1:7001/mcp", "--url must be an http or https address, not '127.0.0.1:7001/mcp'.")]
    [InlineData(Register + " --header Authorization=@/nowhere/at/all", "--header names the file /nowhere/at/all, which is not there.")]
    [InlineData("audit query --since yesterday", "--since and --until take a day as 2027-03-31, a time as 2027-03-31T12:00:00Z, or 15m for 15 minutes ago, not 'yesterday'.")]
    [InlineData("audit export --until soon", "--since and --until take a day as 2027-03-31")]
    [InlineData("audit query --limit 0", "--limit must be 1 to 100000.")]
    [InlineData("audit query --limit many", "--limit must be 1 to 100000.")]
    [InlineData("audit query --limit 100001", "--limit must be 1 to 100000.")]
    [InlineData("audit query --kind call", "--kind must be one of call_intent, call_outcome, request,")]
    [InlineData("audit query --code not_grantd", "There is no reason code not_grantd.")]
    [InlineData("audit tail --code not_grantd", "There is no reason code not_grantd.")]
    [InlineData("server approve deploy --version first", "--version must be a whole number, not 'first'.")]
    [InlineData("audit verify /nowhere --from 0x10", "--from must be a whole number, not '0x10'.")]
    [InlineData("audit verify /nowhere --head abc", "--head must be 64 lower-case hexadecimal digits")]
    public async Task A_value_that_an_option_cannot_have_is_refused_before_anybody_is_asked(string line, string words)
    {
        var fake = new FakeApi();

        Assert.Equal(3, await fake.RunAsync(line));

        Assert.Contains("error: " + words, fake.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(fake.Seen);
    }

    [Theory]
    [InlineData("audit query --code not_granted --kind call_outcome")]
    [InlineData("audit query --since 2027-03-31 --until 2027-03-31T12:00:00Z --limit 100000")]
    public async Task A_value_that_is_on_the_list_is_asked_for(string line) => Assert.Equal(0, await new FakeApi().RunAsync(line));

    [Fact]
    public async Task What_another_program_answers_is_not_taken_for_an_answer_of_the_API()
    {
        var fake = new FakeApi();

        Assert.Equal(1, await fake.RunAsync("agent show of-another-program"));

        Assert.Equal("error: http://127.0.0.1:8750/ answered 404, and not as Symbolon's admin API does.\nhint: Is SYMBOLON_URL right, and is a proxy in between?\n", fake.Error.ToString());
    }

    [Theory]
    [InlineData("lint")]
    [InlineData("plan")]
    [InlineData("apply")]
    public async Task A_path_that_is_not_there_is_usage_and_neither_a_finding_nor_an_error_of_a_file(string command)
    {
        var fake = new FakeApi();

        Assert.Equal(3, await fake.RunAsync($"{command} -f /nowhere/at-all -f /nowhere/else"));

        Assert.Contains("There is no such file or folder: /nowhere/at-all, /nowhere/else.", fake.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(fake.Seen);
    }

    [Theory]
    [InlineData("plan -f -", true)]
    [InlineData("apply --dry-run -f -", true)]
    [InlineData("apply -f -", false)]
    public async Task A_plan_says_what_would_change(string line, bool said)
    {
        var fake = new FakeApi
        {
            Answer = """{"apiVersion":"symbolon/v1","kind":"Agent","metadata":{"name":"bot","owner":"b@example.com"}}""",
            Planned = """
                [{"kind":"Agent","name":"bot","action":"updated","version":2,"changes":[
                  {"path":"metadata.owner","before":"a@\u001bexample.com","after":"b@example.com"},{"path":"metadata.labels","after":{"team":"x"}},
                  {"path":"spec.old","before":true},{"path":"spec.tools"}]},
                 {"kind":"Agent","name":"same","action":"unchanged","version":1}]
                """,
        };

        Assert.Equal(0, await fake.RunAsync(line));

        const string Changes = """
            Agent bot:
              ~ metadata.owner: "a@\u001bexample.com" → "b@example.com"
              + metadata.labels: {"team":"x"}
              - spec.old: true
              ~ spec.tools: another order

            """;
        Assert.Equal(said, fake.Output.ToString().EndsWith(Changes.ReplaceLineEndings("\n"), StringComparison.Ordinal));
        Assert.Equal(said, fake.Output.ToString().Contains("metadata.owner", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lint_names_a_day_that_has_passed_with_its_line()
    {
        var fake = new FakeApi
        {
            Answer = """
                apiVersion: symbolon/v1
                kind: Grant
                metadata: { name: old }
                spec:
                  to: { users: [a@example.com] }
                  servers: [{ name: deploy, tools: [look] }]
                  expires: 2020-01-31
                ---
                apiVersion: symbolon/v1
                kind: Server
                metadata: { name: deploy, owner: o@example.com }
                spec:
                  upstream: { transport: http, url: http://127.0.0.1:1/mcp }
                  credential:
                    mode: static
                    header: Authorization
                    secret: api
                    expires: 2020-02-29
                  tools: [{ name: look, effect: read }]
                ---
                apiVersion: symbolon/v1
                kind: Grant
                metadata: { name: lasting }
                spec:
                  to: { users: [a@example.com] }
                  servers: [{ name: deploy, tools: [look] }]
                  expires: 9998-12-31
                """,
        };

        Assert.Equal(2, await fake.RunAsync("lint -f -"));

        Assert.Equal(
            ["stdin:7: spec.expires: 2020-01-31 has passed.", "stdin:18: spec.credential.expires: 2020-02-29 has passed."],
            fake.Output.ToString().TrimEnd().Split('\n'));
        Assert.Empty(fake.Seen);
    }

    [Theory]
    [InlineData("agent", "unknown_reference", "There is no agent bot.", "--create-agent EMAIL")]
    [InlineData("workflow", "unknown_reference", "There is no workflow ci.", "--create-workflow EMAIL")]
    [InlineData("createAgent", "bad_value", "Agent bot exists already.", "Leave out --create-agent.")]
    [InlineData("servers[0].name", "unknown_reference", "There is no server deplo.", "symbolon server list")]
    public async Task What_the_server_says_against_a_token_is_said_once_with_the_option_that_helps(string path, string code, string message, string hint)
    {
        var fake = new FakeApi { TokenError = $$"""{"code":"invalid","detail":"{{message}}","errors":[{"path":"{{path}}","code":"{{code}}","message":"{{message}}"}]}""" };

        Assert.Equal(1, await fake.RunAsync("token issue --user a@example.com --agent bot --server deplo:x"));

        var lines = fake.Error.ToString().TrimEnd().Split('\n');
        Assert.Equal("error: " + message, lines[0]);
        Assert.StartsWith("hint: ", lines[1], StringComparison.Ordinal);
        Assert.Contains(hint, lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_is_named_once()
    {
        var fake = new FakeApi { TokenError = """{"code":"invalid","detail":"2 fields are wrong.","errors":[{"path":"ttl","message":"ttl must be at least 60s."},{"path":"note","message":"Too long."}]}""" };

        await fake.RunAsync("token issue --user a@example.com --server deploy:x");

        Assert.Equal("ttl must be at least 60s.\nnote: Too long.\nerror: 2 fields are wrong.\n", fake.Error.ToString());
    }

    [Fact]
    public async Task Who_issued_is_told_where_a_client_connects()
    {
        var fake = new FakeApi();

        await fake.RunAsync("token issue --user a@example.com --server deploy:x --server b:@all");

        Assert.Contains("Clients connect to https://symbolon.example.com/t/mcp/deploy, http://10.1.2.3:8750/t/mcp/deploy with", fake.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", fake.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_creates_a_grant_with_a_token_is_told_how_far_it_goes()
    {
        var (with, without) = (new FakeApi(), new FakeApi());

        await with.RunAsync("token issue --user a@example.com --server deploy:x --create-grant mine --ttl 1h");
        await without.RunAsync("token issue --user a@example.com --server deploy:x --ttl 1h");

        Assert.Contains("Grant mine names the tools of today and no later one; no token lives longer by it than this one; it ends by itself", with.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Grant", without.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_is_shown_with_who_made_it_and_not_with_whom_it_was_made_to()
    {
        var fake = new FakeApi
        {
            Records = """
                [{"seq":3,"event":{"kind":"revocation","by":"admin-token","user":"a@example.com","action":"revoke","target":"User/a@example.com","time":0}},
                 {"seq":2,"event":{"kind":"token_issued","by":"admin-token","user":"a@example.com","agent":"bot","action":"issue","target":"Token/tok_1","time":0}},
                 {"seq":1,"event":{"kind":"call_outcome","user":"a@example.com","agent":"bot","server":"deploy","tool":"x","time":0}}]
                """,
        };

        await fake.RunAsync("audit query --no-headers");

        var rows = fake.Output.ToString().TrimEnd('\n').Split('\n').Select(row => row.Split('\t')).ToList();
        Assert.Equal(["admin-token", "admin-token", "a@example.com + bot"], rows.Select(row => row[3]));
        Assert.Equal(["revoke User/a@example.com", "issue Token/tok_1 of a@example.com + bot", "deploy:x"], rows.Select(row => row[4]));
    }

    [Fact]
    public async Task Who_is_not_known_is_shown_by_the_address()
    {
        var fake = new FakeApi { Records = """[{"seq":1,"event":{"kind":"refusals","code":"unauthenticated","count":4,"peer":"192.0.2.7","time":0}}]""" };

        await fake.RunAsync("audit query --no-headers");

        Assert.Equal("192.0.2.7", fake.Output.ToString().Split('\t')[3]);
    }

    [Fact]
    public async Task A_change_is_shown_with_what_was_changed_first_and_its_server_behind()
    {
        var fake = new FakeApi
        {
            Records = """
                [{"seq":2,"event":{"kind":"token_issued","by":"admin-token","server":"deploy","action":"issue","target":"Token/tok_1","time":0}},
                 {"seq":1,"event":{"kind":"admin_change","by":"admin-token","server":"deploy","action":"approve","target":"Server/deploy","time":0}}]
                """,
        };

        await fake.RunAsync("audit query");

        Assert.Contains("\tissue Token/tok_1 on deploy\t", fake.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains("\tapprove Server/deploy\t", fake.Output.ToString(), StringComparison.Ordinal);
    }
}
