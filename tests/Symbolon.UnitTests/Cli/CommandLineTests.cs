using System.Text.Json;

namespace Symbolon.UnitTests.Cli;

[Trait("area", "cli")]
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("", 3)]
    [InlineData("nonsense", 3)]
    [InlineData("server", 3)]
    [InlineData("server nonsense", 3)]
    [InlineData("server show", 3)]
    [InlineData("server show a b", 3)]
    [InlineData("server list --unknown", 3)]
    [InlineData("server list -o xml", 3)]
    [InlineData("server register deploy", 3)]
    [InlineData("server register Deploy --owner o@example.com --url http://127.0.0.1:1/mcp", 3)]
    [InlineData("server register deploy --owner o@example.com --url ftp://127.0.0.1/", 3)]
    [InlineData("server register deploy --owner o@example.com --url http://127.0.0.1:1/ --header X-Key=secret", 3)]
    [InlineData("server register deploy --owner o@example.com --url http://127.0.0.1:1/ --header Host=@f", 3)]
    [InlineData("server show ..", 3)]
    [InlineData("token issue --user a@example.com", 3)]
    [InlineData("token issue --server deploy:x", 3)]
    [InlineData("token issue --user a@example.com --server deploy", 3)]
    [InlineData("token issue --user a@example.com --server deploy:", 3)]
    [InlineData("token issue --user a@example.com --server deploy:x --server b --all", 3)]
    [InlineData("token issue --user a@example.com --server deploy:x --tool y", 3)]
    [InlineData("revoke", 3)]
    [InlineData("revoke --user a@example.com --agent b --yes", 3)]
    [InlineData("revoke --user a@example.com", 3)]
    [InlineData("server retire deploy", 3)]
    [InlineData("apply", 3)]
    [InlineData("client config deploy", 3)]
    [InlineData("client config deploy --client claude-desktop", 3)]
    [InlineData("client config nobody --client codex", 5)]
    [InlineData("serve --log-level debug --log-level trace", 3)]
    [InlineData("serve --log-level loud --data /nowhere", 3)]
    [InlineData("serve --store Host=x;Port=y --urls http://0.0.0.0:1 --data /nowhere", 3)]
    [InlineData("serve --unknown x", 3)]
    [InlineData("sidecar releases", 3)]
    [InlineData("sidecar --state /nowhere", 3)]
    [InlineData("sidecar releases --state /nowhere --listen 0.0.0.0:7004", 3)]
    [InlineData("sidecar releases --state /nowhere --issuer http://symbolon.example.com", 3)]
    [InlineData("sidecar releases --state /nowhere --url http://releases.example.com/mcp", 3)]
    [InlineData("sidecar releases --state /nowhere --api ftp://127.0.0.1/", 3)]
    [InlineData("sidecar releases --state /nowhere --enroll sym_enr_on_the_command_line", 3)]
    [InlineData("lint -f /nowhere/at/all.yaml", 3)]
    [InlineData("apply -f /nowhere/at/all.yaml", 3)]
    [InlineData("server ls", 0)]
    [InlineData("server list", 0)]
    [InlineData("server drift", 2)]
    [InlineData("server drift deploy", 1)]
    [InlineData("server drift shop", 2)]
    [InlineData("server drift still", 0)]
    [InlineData("server drift missing", 5)]
    [InlineData("server show deploy", 0)]
    [InlineData("server show missing", 5)]
    [InlineData("server approve deploy", 3)]
    [InlineData("server approve deploy --version 3", 0)]
    [InlineData("server suspend deploy", 6)]
    [InlineData("grant show forbidden", 2)]
    [InlineData("agent show unsigned", 4)]
    [InlineData("agent show broken", 1)]
    [InlineData("workflow show gone", 7)]
    [InlineData("token issue --user a@example.com --server deploy:x,@read --server b:@all", 0)]
    [InlineData("token issue --user a@example.com --server deploy --effect read --tool x", 0)]
    [InlineData("token issue --workflow nightly --create-workflow o@example.com --create-grant nightly --server deploy:x", 0)]
    [InlineData("secret list", 0)]
    [InlineData("revoke --user a@example.com --yes", 0)]
    [InlineData("audit query --server deploy --since 15m", 0)]
    [InlineData("--help", 0)]
    [InlineData("server register --help", 0)]
    public async Task A_command_ends_with_its_exit_code(string line, int code)
    {
        var fake = new FakeApi();

        Assert.Equal(code, await fake.RunAsync(line));
        // Data is the only thing on standard output, so a command that failed wrote nothing there; findings are data.
        var hasFindings = line.StartsWith("lint", StringComparison.Ordinal) || (code == 2 && line.StartsWith("server drift", StringComparison.Ordinal));
        if (code != 0 && !hasFindings) Assert.Equal("", fake.Output.ToString());
        if (code != 0 && !hasFindings) Assert.NotEqual("", fake.Error.ToString());
    }

    [Fact]
    public async Task Drift_lists_what_differs_and_names_the_servers_that_were_not_compared()
    {
        var fake = new FakeApi();
        Assert.Equal(2, await fake.RunAsync("server drift"));
        Assert.Contains("changed", fake.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains("idle was not compared: this node has not read it", fake.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("shop was not compared", fake.Error.ToString(), StringComparison.Ordinal);
        var still = new FakeApi();
        Assert.Equal(0, await still.RunAsync("server drift still"));
        Assert.Contains("1 of 1 servers list what was reviewed", still.Error.ToString(), StringComparison.Ordinal);
        var json = new FakeApi();
        Assert.Equal(2, await json.RunAsync("server drift shop -o json"));
        Assert.Equal("refund", JsonDocument.Parse(json.Output.ToString()).RootElement[0].GetProperty("tool").GetString());
    }

    [Theory]
    [InlineData("user", "3", "It ended 3 live tokens.")]
    [InlineData("token", "1", "It ended 1 live token.")]
    [InlineData("server", "2", "2 live tokens may no longer call it.")]
    [InlineData("user", "0", "No live token was ended by it: there was none. If you expected one, look at the spelling.")]
    [InlineData("user", "null", "How many live tokens that ended could not be counted.")]
    public async Task Revoke_says_how_many_live_tokens_it_ended_and_succeeds_with_none(string level, string count, string words)
    {
        var fake = new FakeApi { RevokedLevel = level, LiveTokens = count };
        Assert.Equal(0, await fake.RunAsync("revoke --user a@example.com --yes"));
        Assert.Contains(words, fake.Error.ToString().Split('\n'));
    }

    [Fact]
    public async Task JSON_output_is_the_APIs_own_object_and_a_list_is_an_array()
    {
        var fake = new FakeApi();

        await fake.RunAsync("server list -o json");

        var list = JsonDocument.Parse(fake.Output.ToString()).RootElement;
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse($"[{FakeApi.Server},{FakeApi.Server}]").RootElement, list));
    }

    [Fact]
    public async Task A_list_of_servers_is_filtered_by_the_server()
    {
        var fake = new FakeApi();

        await fake.RunAsync("server list --state attention --owner o@example.com --search look");

        Assert.Equal("GET /api/v1/servers?state=attention&owner=o%40example.com&q=look", fake.Seen[0]);
    }

    [Fact]
    public async Task A_list_of_tokens_is_filtered_and_sorted_by_the_server()
    {
        var fake = new FakeApi();

        await fake.RunAsync("token list --kind agent --state live --search al --expires-before 2027-03-31 --order lastUsed --reverse -o json");

        Assert.Equal("GET /api/v1/tokens?kind=agent&state=live&order=lastUsed&q=al&expiresBefore=2027-03-31&reverse=true&limit=1000", fake.Seen[0]);
    }

    [Theory]
    [InlineData("access --user a@example.com", "GET /api/v1/access?user=a%40example.com&limit=1000")]
    [InlineData("access --server shop --by token", "GET /api/v1/access?server=shop&by=token&limit=1000")]
    [InlineData("user list", "GET /api/v1/users")]
    public async Task Who_may_call_what_is_asked_of_the_server(string command, string asked)
    {
        var fake = new FakeApi();

        await fake.RunAsync(command + " -o json");

        Assert.Equal(asked, fake.Seen[0]);
    }

    [Theory]
    [InlineData("access")]
    [InlineData("access --user a@example.com --agent bot")]
    [InlineData("access --agent bot --by both")]
    public async Task A_question_about_nobody_or_two_is_a_usage_error_and_asks_nothing(string command)
    {
        var fake = new FakeApi();

        Assert.Equal(3, await fake.RunAsync(command));

        Assert.Empty(fake.Seen);
    }

    [Fact]
    public async Task All_pages_of_a_list_are_followed_and_piped_rows_have_tabs()
    {
        var fake = new FakeApi();

        await fake.RunAsync("server ls --no-headers");

        Assert.Equal("deploy\tpending\to@example.com\t2\t\t3\thttp://127.0.0.1:1/mcp\tunknown\t0\t\t\ndeploy\tpending\to@example.com\t2\t\t3\thttp://127.0.0.1:1/mcp\tunknown\t0\t\t\n", fake.Output.ToString());
        Assert.Equal(["GET /api/v1/servers", "GET /api/v1/servers?after=deploy"], fake.Seen);
    }

    [Fact]
    public async Task A_secret_is_alone_on_standard_output()
    {
        var fake = new FakeApi();

        await fake.RunAsync("token issue --user a@example.com --server deploy:x,@read --server b:@all --ttl 8h");

        Assert.Equal("sym_usr_secret\n", fake.Output.ToString());
        Assert.DoesNotContain("sym_usr_secret", fake.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            """{"user":"a@example.com","servers":[{"name":"deploy","tools":["x"],"effects":["read"],"all":false},{"name":"b","tools":[],"effects":[],"all":true}],"ttl":"8h"}""",
            fake.LastBody);
    }

    [Fact]
    public async Task Prompts_and_resources_are_asked_for_beside_tools()
    {
        var fake = new FakeApi();
        await fake.RunAsync("token issue --user a@example.com --server deploy:x,@prompts --server b:@resources,@prompts");
        Assert.Equal(
            """{"user":"a@example.com","servers":[{"name":"deploy","tools":["x"],"effects":[],"allPrompts":true,"all":false},{"name":"b","tools":[],"effects":[],"allPrompts":true,"allResources":true,"all":false}]}""",
            fake.LastBody);
    }

    [Fact]
    public async Task Approving_shows_what_is_pending_and_asks()
    {
        var (yes, no) = (new FakeApi { Answer = "y\n" }, new FakeApi { Answer = "n\n" });

        Assert.Equal(0, await yes.RunAsync("server approve deploy --reason reviewed"));
        Assert.Equal(1, await no.RunAsync("server approve deploy --reason reviewed"));

        Assert.Contains("version 3, at http://127.0.0.1:1/mcp, with 2 tools: look (read), drop (irreversible). The audit will keep arguments, redacted, of: drop (at,by).", yes.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Approve version 3 of server deploy? [y/N]", yes.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal("""{"version":3,"inside":false,"reason":"reviewed"}""", yes.LastBody);
        Assert.Null(no.LastBody);
    }

    [Fact]
    public async Task A_name_that_leads_inside_is_shown_as_such_and_approved_only_with_the_word_for_it()
    {
        var (without, with) = (new FakeApi { Answer = "y\n", LeadsInside = true }, new FakeApi { Answer = "y\n", LeadsInside = true });

        Assert.Equal(6, await without.RunAsync("server approve deploy"));
        Assert.Equal(0, await with.RunAsync("server approve deploy --inside"));

        Assert.Contains("(inside this network)", without.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("symbolon server approve deploy --inside", without.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("[y/N]", without.Error.ToString(), StringComparison.Ordinal);
        Assert.Null(without.LastBody);
        Assert.Equal("""{"version":3,"inside":true}""", with.LastBody);
    }

    [Fact]
    public async Task Without_a_terminal_nothing_is_approved_that_was_not_named()
    {
        var fake = new FakeApi();

        Assert.Equal(3, await fake.RunAsync("server approve deploy"));

        Assert.Contains("--version 3", fake.Error.ToString(), StringComparison.Ordinal);
        Assert.Null(fake.LastBody);
    }

    [Fact]
    public async Task A_401_tells_what_to_set()
    {
        var fake = new FakeApi { Token = null };

        Assert.Equal(4, await fake.RunAsync("server list"));
        Assert.Contains("DIR/admin-token", fake.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://symbolon.example.com")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("not an address")]
    public async Task A_token_is_sent_over_https_or_on_this_machine_only(string url)
    {
        var fake = new FakeApi { Url = url };

        Assert.Equal(3, await fake.RunAsync("server list"));
        Assert.Empty(fake.Seen);
    }

    [Fact]
    public async Task A_destructive_command_asks_and_takes_no_for_an_answer()
    {
        var fake = new FakeApi { Answer = "n\n" };

        Assert.Equal(1, await fake.RunAsync("revoke --user a@example.com"));
        Assert.Contains("Revoke all that was issued so far to user a@example.com? [y/N]", fake.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(fake.Seen);
    }

    [Fact]
    public async Task A_node_that_did_not_confirm_a_revocation_is_named()
    {
        var fake = new FakeApi { Answer = "y\n" };

        Assert.Equal(0, await fake.RunAsync("revoke --user a@example.com -q"));
        Assert.Contains("warning: not confirmed within a second by: node-b", fake.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clients_configuration_is_alone_on_standard_output_so_that_it_can_go_into_the_file()
    {
        var api = new FakeApi();
        Assert.Equal(0, await api.RunAsync("client config deploy --client codex --variable GW"));
        Assert.Equal("[mcp_servers.deploy]\nbearer_token_env_var = \"GW\"\n", api.Output.ToString());
        Assert.Contains("~/.codex/config.toml", api.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clients_configuration_as_JSON_is_the_APIs_object()
    {
        var api = new FakeApi();
        Assert.Equal(0, await api.RunAsync("client config deploy --client codex --variable GW -o json"));
        Assert.Equal("GW", JsonDocument.Parse(api.Output.ToString()).RootElement.GetProperty("variable").GetString());
    }
}
