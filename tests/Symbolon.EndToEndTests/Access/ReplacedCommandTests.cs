using Symbolon.EndToEndTests.Clients;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Access;

/// <summary>A command that is not the one that was approved never runs. IDENTITY.md section 5, no. 20.</summary>
[Trait("area", "access")]
public sealed class ReplacedCommandTests : IAsyncLifetime
{
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_allowed_directories","arguments":{}}}""";

    private readonly string folder = Directory.CreateTempSubdirectory("symbolon-replaced-").FullName;
    private SymbolonProcess symbolon = null!;
    private Setup setup = null!;
    private McpWire wire = null!;

    private string Command => Path.Combine(folder, "node");

    private string Ran => Path.Combine(folder, "ran");

    public async ValueTask InitializeAsync()
    {
        symbolon = await SymbolonProcess.StartAsync();
        setup = new Setup(symbolon);
        wire = new McpWire(symbolon.Url);
    }

    [Fact]
    public async Task A_binary_that_was_replaced_after_its_approval_is_not_started_until_it_is_approved_or_the_old_one_is_back()
    {
        File.Copy(NpmProcesses.Node, Command);
        await setup.CommandAsync("files", [Command, NpmProcesses.ProgramOf("filesystem"), folder]);
        var token = (await setup.TokenAsync("files:list_allowed_directories")).Secret;

        Replace();
        await RefusedAndSuspendedAsync(token, Command);

        (await symbolon.RunAsync("server", "resume", "files")).Expect();
        await RefusedAndSuspendedAsync(token, Command);

        File.Copy(NpmProcesses.Node, Command, overwrite: true);
        (await symbolon.RunAsync("server", "resume", "files")).Expect();
        await Deadline.ForAsync("the approved one to serve", async () => (await CallAsync(token)).ToolText is { } text && text.Contains(folder, StringComparison.Ordinal) ? text : null);
        Assert.False(File.Exists(Ran));
    }

    [Fact]
    public async Task A_link_that_leads_to_another_file_is_not_followed()
    {
        File.CreateSymbolicLink(Command, NpmProcesses.Node);
        await setup.CommandAsync("files", [Command, NpmProcesses.ProgramOf("filesystem"), folder]);
        var token = (await setup.TokenAsync("files:list_allowed_directories")).Secret;
        Replace();
        await RefusedAndSuspendedAsync(token, Command);
    }

    [Fact]
    public async Task A_version_that_is_pending_with_another_file_cannot_be_approved_and_the_approved_one_is_refused()
    {
        var script = Path.Combine(folder, "start.mjs");
        File.WriteAllText(script, $"import '{NpmProcesses.ProgramOf("filesystem")}';\n");
        await setup.CommandAsync("files", [NpmProcesses.Node, script, folder]);
        var token = (await setup.TokenAsync("files:list_allowed_directories")).Secret;
        Assert.Contains(folder, (await CallAsync(token)).ToolText, StringComparison.Ordinal);

        File.AppendAllText(script, "// the next version\n");
        (await symbolon.RunAsync("server", "register", "files", "--owner", "owner@example.com", "--", NpmProcesses.Node, script, folder)).Expect();
        File.AppendAllText(script, "// and something that nobody saw\n");
        Assert.Contains("file_changed", (await symbolon.RunAsync("server", "approve", "files", "--version", "2", "-o", "json")).Expect(6).Errors, StringComparison.Ordinal);

        (await symbolon.RunAsync("server", "register", "files", "--owner", "owner@example.com", "--", NpmProcesses.Node, script, folder)).Expect();
        (await symbolon.RunAsync("server", "approve", "files", "--version", "3")).Expect();
        await Deadline.ForAsync("the new version to serve", async () => (await CallAsync(token)).ToolText is { } text && text.Contains(folder, StringComparison.Ordinal) ? text : null);
    }

    /// <summary>Puts a program in the place of the command that says when it is run.</summary>
    private void Replace()
    {
        File.Delete(Command);
        File.WriteAllText(Command, $"#!/bin/sh\necho ran >>{Ran}\nexec {NpmProcesses.Node} \"$@\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Command, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task RefusedAndSuspendedAsync(string token, string path)
    {
        Assert.Equal("server_suspended", (await CallAsync(token)).Reason);
        Assert.False(File.Exists(Ran));
        await Deadline.ForAsync("the suspension", async () => (string?)(await setup.Api.GetAsync("/servers/files"))["state"] == "suspended" ? "suspended" : null);
        var shown = (await symbolon.RunAsync("server", "show", "files")).Expect().Output;
        Assert.Contains("suspended", shown, StringComparison.Ordinal);
        Assert.Contains($"file_changed: {path}", shown, StringComparison.Ordinal);
        Assert.Contains(await setup.Api.AuditAsync("server=files&kind=admin_change"), record => (string?)record["action"] == "suspend" && ((string?)record["reason"])?.Contains(path, StringComparison.Ordinal) == true);
        Assert.Equal("server_suspended", (await CallAsync(token)).Reason);
    }

    private Task<WireAnswer> CallAsync(string token) => wire.PostAsync("/t/mcp/files", token, Call);

    public async ValueTask DisposeAsync()
    {
        wire?.Dispose();
        setup?.Dispose();
        if (symbolon is not null) await symbolon.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
