using Symbolon.Core.Audit;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Registry.Servers;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Registry;

[Trait("area", "registry")]
public sealed class StdioApprovalTests
{
    private static readonly ServerName Files = new("files");
    private readonly RegistryDesk desk = new();
    private readonly PinAlarm alarm;

    public StdioApprovalTests()
    {
        alarm = new PinAlarm(desk.Configuration, desk.Servers);
        desk.Files.Put("/usr/bin/node", "node").Put("/srv/server.js", "server");
    }

    [Fact]
    public async Task A_process_whose_files_are_those_that_were_registered_is_approved_and_held_to_no_place()
    {
        await desk.ApplyAsync(Document("server"));
        var approved = await desk.ApproveAsync("files", 1);
        Assert.Equal((Lifecycle.Active, null), (approved.State, approved.Approved!.Place));
        Assert.Equal(2, Assert.IsType<UpstreamAddress.Stdio>(approved.Approved.Manifest.Upstream).Digests.Length);
    }

    [Fact]
    public async Task A_file_that_changed_before_the_approval_is_a_conflict_and_a_record()
    {
        await desk.ApplyAsync(Document("server"));
        desk.Files.Put("/srv/server.js", "evil");
        var refused = await RefusedAsync();
        Assert.Equal((ChangeErrorKind.Conflict, "file_changed"), (refused.Kind, refused.Code));
        Assert.Contains("/srv/server.js", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Lifecycle.Pending, desk.Find("files").State);
        Assert.Contains(desk.Audit.Appended, record => record.Action == "approve refused: file_changed" && record.Server == "files");
    }

    [Fact]
    public async Task A_file_whose_digest_nobody_wrote_down_is_a_conflict()
    {
        await desk.ApplyAsync(Document("server").Replace("/usr/bin/node\",\"digest", "/usr/bin/other\",\"digest", StringComparison.Ordinal));
        Assert.Equal("file_not_pinned", (await RefusedAsync()).Code);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_a_conflict()
    {
        await desk.ApplyAsync(Document("server"));
        desk.Files.Remove("/usr/bin/node");
        Assert.Equal("file_missing", (await RefusedAsync()).Code);
    }

    [Fact]
    public async Task A_file_replaced_after_the_approval_suspends_the_server_with_a_record_that_says_why()
    {
        await desk.ApplyAsync(Document("server"));
        await desk.ApproveAsync("files", 1);
        var fault = new PinFault("file_changed", "/srv/server.js", "/srv/server.js is not the file that was registered.");
        await alarm.RaiseAsync(OrganisationId.Default, Files, 1, fault, CancellationToken.None);

        var server = desk.Find("files");
        Assert.Equal((Lifecycle.Suspended, PinAlarm.By), (server.State, server.LastChange!.By));
        Assert.Contains("/srv/server.js is not the file", server.LastChange.Reason, StringComparison.Ordinal);
        var record = Assert.Single(desk.Store.Committed, record => record.Action == "suspend");
        Assert.Equal((AuditKind.AdminChange, PinAlarm.By, "files", true), (record.Kind, record.By, record.Server, record.Allowed));
        Assert.Contains("file_changed", record.Reason, StringComparison.Ordinal);

        await alarm.RaiseAsync(OrganisationId.Default, Files, 1, fault, CancellationToken.None);
        Assert.Single(desk.Store.Committed, record => record.Action!.StartsWith("suspend", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_alarm_about_another_version_changes_nothing()
    {
        await desk.ApplyAsync(Document("server"));
        await desk.ApproveAsync("files", 1);
        await alarm.RaiseAsync(OrganisationId.Default, Files, 2, new PinFault("file_changed", "/x", "x"), CancellationToken.None);
        Assert.Equal(Lifecycle.Active, desk.Find("files").State);
    }

    [Fact]
    public async Task Another_digest_is_another_version_and_the_difference_is_shown()
    {
        await desk.ApplyAsync(Document("server"));
        await desk.ApproveAsync("files", 1);
        desk.Files.Put("/srv/server.js", "next");
        Assert.Equal("Server/files Pending 2", await desk.ApplyAsync(Document("next")));
        var server = desk.Find("files");
        var changes = DocumentDiff.Between(new Document.Server(Files, server.Approved!.Manifest), new Document.Server(Files, server.Pending!.Manifest));
        Assert.Equal("spec.upstream", Assert.Single(changes.Select(change => change.Field).Distinct()));
        await desk.ApproveAsync("files", 2);
    }

    private static string Document(string script) => RegistryDesk.Server("files").Replace(
        """{"transport":"http","url":"http://127.0.0.1:7001/mcp"}""",
        $$"""
        {"transport":"stdio","command":"/usr/bin/node","args":["/srv/server.js","/data"],"digests":[
          {"path":"/usr/bin/node","digest":"{{FakePinnedFiles.DigestOf("node")}}"},{"path":"/srv/server.js","digest":"{{FakePinnedFiles.DigestOf(script)}}"}]}
        """, StringComparison.Ordinal);

    private async Task<ChangeError> RefusedAsync() => Assert.IsType<Result<VersionedServer>.Refused>(
        await desk.Manifests.ApproveAsync(RegistryDesk.Ben, Files, 1, inside: false, null, null, CancellationToken.None)).Why;
}
