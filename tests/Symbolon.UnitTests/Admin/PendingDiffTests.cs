using Symbolon.Admin.Servers;
using Symbolon.Core.Registry.Files;
using Symbolon.UnitTests.Files;
using Symbolon.UnitTests.Registry;

namespace Symbolon.UnitTests.Admin;

[Trait("area", "admin")]
public sealed class PendingDiffTests
{
    [Fact]
    public void A_diff_names_what_a_reviewer_must_look_at()
    {
        var diff = Diff(
            RegistryDesk.Server("shop", """{"name":"a","effect":"read"},{"name":"b","effect":"read","title":"B"},{"name":"c","effect":"read"}"""),
            RegistryDesk.Server("shop", """{"name":"b","effect":"write","flags":["executes"],"title":"B"},{"name":"d","effect":"read"},{"name":"a","effect":"read"}""", RegistryDesk.Credential("x")));
        Assert.Equal(("d", "c"), (Assert.Single(diff.ToolsAdded), Assert.Single(diff.ToolsRemoved)));
        Assert.Equal(("b", "effect flags"), Assert.Single(diff.ToolsChanged) switch { var tool => (tool.Name, string.Join(' ', tool.Fields)) });
        Assert.Equal(["spec.credential"], diff.FieldsChanged);
    }

    [Fact]
    public void Of_the_same_version_nothing_differs()
    {
        var same = Diff(RegistryDesk.Server("shop"), RegistryDesk.Server("shop"));
        Assert.Equal((0, 0, 0, 0), (same.ToolsAdded.Count, same.ToolsRemoved.Count, same.ToolsChanged.Count, same.FieldsChanged.Count));
    }

    private static ManifestDiffResponse Diff(string before, string after) =>
        ManifestDiffResponse.Of(DocumentDiff.Between(Documents.Read(before).Document!, Documents.Read(after).Document!));
}
