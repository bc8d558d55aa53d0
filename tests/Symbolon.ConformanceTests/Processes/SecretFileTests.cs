using System.Text;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Gateway.Upstreams;
using Symbolon.Testing.Processes;

namespace Symbolon.ConformanceTests.Processes;

/// <summary>Real processes that read their secret from a file at each call.</summary>
[Trait("area", "stdio")]
public sealed class SecretFileTests
{
    private static readonly UpstreamCredential ByFile = new UpstreamCredential.Static { File = "API_KEY_FILE", Secret = "api", Expires = new DateOnly(2999, 1, 1) };

    [Fact]
    public async Task A_rotated_value_is_read_by_the_same_process_and_nobody_but_its_user_may_read_the_file()
    {
        await using var stage = new StdioStage { Credential = ByFile };
        stage.Store("api", 1, "first-value-of-it");
        var invoker = await stage.ApproveAsync(await ScriptAsync(stage));
        var process = await StdioStage.TextAsync(invoker, "process");
        var path = await StdioStage.TextAsync(invoker, "where");
        Assert.Equal("first-value-of-it", Reversed(await StdioStage.TextAsync(invoker, "read")).TrimStart(':'));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path));

        await stage.Secrets.StartAsync(TestContext.Current.CancellationToken);
        for (var version = 2; version < 6; version++)
        {
            stage.Store("api", version, $"value-number-{version}");
            var wanted = $"value-number-{version}";
            await Deadline.ForAsync("the next value", async () => Reversed(await StdioStage.TextAsync(invoker, "read")).TrimStart(':') == wanted ? wanted : null);
        }
        Assert.Equal(process, await StdioStage.TextAsync(invoker, "process"));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public async Task Whoever_reads_while_it_is_replaced_reads_one_value_or_the_other_whole()
    {
        await using var stage = new StdioStage { Credential = ByFile };
        stage.Store("api", 1, new string('a', 8192));
        var invoker = await stage.ApproveAsync(await ScriptAsync(stage));
        var path = await StdioStage.TextAsync(invoker, "where");
        using var stop = new CancellationTokenSource();
        var odd = 0;
        var reader = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                var text = File.ReadAllText(path);
                if (text.Length != 8192 || text.Distinct().Count() != 1) odd++;
            }
        }, TestContext.Current.CancellationToken);
        for (var version = 2; version < 400; version++)
        {
            stage.Store("api", version, new string((char)('a' + version % 26), 8192));
            stage.Secrets.Refresh();
        }
        await stop.CancelAsync();
        await reader;
        Assert.Equal(0, odd);
    }

    [Fact]
    public async Task The_file_goes_with_the_process_and_at_once_when_the_server_is_suspended()
    {
        await using var stage = new StdioStage { Credential = ByFile };
        stage.Store("api", 1, "first-value-of-it");
        var script = await ScriptAsync(stage);
        var invoker = await stage.ApproveAsync(script);
        var path = await StdioStage.TextAsync(invoker, "where");
        Assert.True(File.Exists(path));
        await stage.ApproveAsync(script, state: Lifecycle.Suspended);
        stage.Secrets.Refresh();
        Assert.False(File.Exists(path));
        await stage.NothingLeftAsync();
        Assert.Empty(stage.Folder.GetDirectories("secrets").Single().GetFiles());
    }

    [Fact]
    public async Task A_process_that_ends_takes_its_file_along_and_the_next_one_has_another()
    {
        await using var stage = new StdioStage { Credential = ByFile };
        stage.Store("api", 1, "first-value-of-it");
        var invoker = await stage.ApproveAsync(await ScriptAsync(stage));
        var path = await StdioStage.TextAsync(invoker, "where");
        await Assert.ThrowsAsync<UpstreamFault>(() => StdioStage.TextAsync(invoker, "exit"));
        await Deadline.ForAsync("the file to be gone", () => !File.Exists(path));
        var next = await Deadline.ForAsync("another process", async () =>
        {
            try
            {
                return await StdioStage.TextAsync(invoker, "where");
            }
            catch (UpstreamFault)
            {
                return null;
            }
        });
        Assert.NotEqual(path, next);
        Assert.Equal("first-value-of-it", await File.ReadAllTextAsync(next, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_secret_that_is_gone_takes_the_file_away_under_the_process()
    {
        await using var stage = new StdioStage { Credential = ByFile };
        stage.Store("api", 1, "first-value-of-it");
        var invoker = await stage.ApproveAsync(await ScriptAsync(stage));
        var path = await StdioStage.TextAsync(invoker, "where");
        stage.Forget("api", 2);
        stage.Secrets.Refresh();
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task What_the_process_tells_of_it_is_in_no_log_before_and_after_a_rotation()
    {
        await using var stage = new StdioStage { Credential = ByFile };
        stage.Store("api", 1, "plain-words-of-one");
        var invoker = await stage.ApproveAsync(await ScriptAsync(stage));
        await StdioStage.TextAsync(invoker, "tell");
        stage.Store("api", 2, "plain-words-of-two");
        stage.Secrets.Refresh();
        await StdioStage.TextAsync(invoker, "tell");
        await Deadline.ForAsync("both lines", () => stage.Log.Count(line => line.Contains("(a line with a secret was left out)", StringComparison.Ordinal)) == 2);
        Assert.DoesNotContain(stage.Log, line => line.Contains("plain-words", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_process_without_a_key_has_its_token_in_the_file_and_the_next_one_within_a_second_when_what_is_approved_changed()
    {
        await using var stage = new StdioStage { Credential = new UpstreamCredential.Exchange { Audience = "https://api.example.com", File = "API_KEY_FILE" } };
        await stage.Secrets.StartAsync(TestContext.Current.CancellationToken);
        var invoker = await stage.ApproveAsync(await ScriptAsync(stage));
        var (process, path) = (await StdioStage.TextAsync(invoker, "process"), await StdioStage.TextAsync(invoker, "where"));
        Assert.Equal("server-token-number-1", Reversed(await StdioStage.TextAsync(invoker, "read")).TrimStart(':'));

        stage.Tokens.State = token => token.Text.EndsWith('1') ? ServerTokenState.Dead : ServerTokenState.Current;
        var at = System.Diagnostics.Stopwatch.GetTimestamp();
        await Deadline.ForAsync("the next token", () => File.Exists(path) && File.ReadAllText(path) == "server-token-number-2");
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(at), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal("server-token-number-2", Reversed(await StdioStage.TextAsync(invoker, "read")).TrimStart(':'));
        Assert.Equal(process, await StdioStage.TextAsync(invoker, "process"));

        (stage.Tokens.Issues, stage.Tokens.State) = (false, _ => ServerTokenState.Dead);
        await Deadline.ForAsync("the file to be gone", () => !File.Exists(path));
    }

    [Fact]
    public async Task A_process_for_which_there_is_no_token_is_not_started()
    {
        await using var stage = new StdioStage { Credential = new UpstreamCredential.Exchange { Audience = "https://api.example.com", File = "API_KEY_FILE" } };
        stage.Tokens.Issues = false;
        var invoker = await stage.ApproveAsync(await ScriptAsync(stage));
        Assert.Equal(ReasonCode.ServerSuspended, (await Assert.ThrowsAsync<UpstreamFault>(() => StdioStage.TextAsync(invoker, "where"))).Code);
        Assert.Empty(stage.Processes);
    }

    private static string Reversed(string text) => new([.. text.Reverse()]);

    /// <summary>Says what it reads backwards, since an answer with the secret itself would be withheld.</summary>
    private static async Task<string> ScriptAsync(StdioStage stage)
    {
        var script = stage.Folder.FullName + "/reading.sh";
        await File.WriteAllTextAsync(script, """
            text() { printf '{"jsonrpc":"2.0","id":%s,"result":{"content":[{"type":"text","text":"%s"}]}}\n' "$id" "$1"; }
            while IFS= read -r line; do
              case $line in *'"id":'*) ;; *) continue ;; esac
              id=${line#*'"id":'}; id=${id%%,*}
              case $line in
                *'"initialize"'*) printf '{"jsonrpc":"2.0","id":%s,"result":{"protocolVersion":"2025-11-25","capabilities":{}}}\n' "$id" ;;
                *'"name":"where"'*) text "$API_KEY_FILE" ;;
                *'"name":"process"'*) text "$$" ;;
                *'"name":"exit"'*) exit 1 ;;
                *'"name":"tell"'*) echo "my secret: $(cat "$API_KEY_FILE")" >&2; text told ;;
                *'"name":"read"'*) text "$(rev < "$API_KEY_FILE"):" ;;
                *) printf '{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"Method not found"}}\n' "$id" ;;
              esac
            done
            """, Encoding.ASCII, TestContext.Current.CancellationToken);
        return script;
    }
}
