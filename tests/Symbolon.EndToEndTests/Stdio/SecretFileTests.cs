using System.Text.Json.Nodes;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Stdio;

/// <summary>A process behind the real program that is named a file for its secret.</summary>
[Trait("area", "stdio")]
public sealed class SecretFileTests : IAsyncLifetime
{
    private readonly string values = Directory.CreateTempSubdirectory("symbolon-values-").FullName;
    private ShellServer server = null!;
    private string token = "";

    public async ValueTask InitializeAsync()
    {
        server = await ShellServer.StartAsync(["--secret-env", $"API_KEY=@{Value("the-first-value")}"]);
        var document = (await server.Setup.Api.GetAsync("/export")).AsArray().First(each => (string?)each!["kind"] == "Server")!.AsObject();
        var credential = document["spec"]!["credential"]!.AsObject();
        credential.Remove("env");
        credential["file"] = "API_KEY";
        await server.Setup.Api.ApplyAsync(document);
        await server.Setup.Api.PostAsync("/servers/sh/approve", new JsonObject { ["version"] = (int)(await server.Setup.Api.GetAsync("/servers/sh"))["pendingVersion"]! });
        token = (await server.Setup.TokenAsync("sh:secret,process,echo")).Secret;
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(values, recursive: true);
    }

    [Fact]
    public async Task A_rotation_reaches_the_process_that_runs_and_no_call_fails()
    {
        var (process, path) = (await TextAsync("process"), await PathAsync());
        Assert.Equal("the-first-value", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        var secret = (string)(await server.Setup.Api.GetAsync("/secrets")).AsArray().Single()!["name"]!;
        (await server.Symbolon.RunAsync("secret", "rotate", secret, "--value-file", Value("the-second-value"))).Expect();
        Assert.Equal("the-first-value", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        (await server.Symbolon.RunAsync("secret", "rotate", secret, "--finish")).Expect();
        await Deadline.ForAsync("the next value in the file", () => File.ReadAllText(path) == "the-second-value");
        Assert.Equal((process, path), (await TextAsync("process"), await PathAsync()));
    }

    [Fact]
    public async Task What_a_killed_program_left_is_gone_before_the_next_one_serves_and_a_stop_in_order_leaves_nothing()
    {
        var path = await PathAsync();
        Signal.Send("KILL", server.Symbolon.ProcessId);
        await server.NothingLeftAsync();
        Assert.True(File.Exists(path));
        await server.Symbolon.RestartAsync();
        Assert.False(Directory.Exists(Path.GetDirectoryName(path)));
        var next = await PathAsync();
        Assert.NotEqual(path, next);
        Assert.Equal("the-first-value", await File.ReadAllTextAsync(next, TestContext.Current.CancellationToken));
        (await server.Symbolon.RunAsync("server", "suspend", "sh", "--reason", "test")).Expect();
        await Deadline.ForAsync("the file to be gone", () => !File.Exists(next));
        server.Symbolon.Process.Terminate();
        Assert.Equal(0, await server.Symbolon.Process.ExitAsync());
        Assert.False(Directory.Exists(Path.GetDirectoryName(next)));
    }

    private async Task<string> TextAsync(string tool) => (await server.CallAsync(token, tool)).ToolText!;

    /// <summary>The server says what its variable holds, with another letter for one of it.</summary>
    private async Task<string> PathAsync() => (await TextAsync("secret")).Replace('+', '-');

    private string Value(string value)
    {
        var file = Path.Combine(values, Guid.NewGuid().ToString("n"));
        File.WriteAllText(file, value);
        return file;
    }
}
