using System.Text.Json.Nodes;
using Symbolon.Core.Registry;
using Symbolon.Storage.Documents;

namespace Symbolon.ConformanceTests.Storage;

/// <summary>What an earlier version stored.</summary>
[Trait("area", "storage")]
public sealed class StoredDocumentTests
{
    [Fact]
    public void A_server_stored_by_an_earlier_version_keeps_no_arguments_is_held_to_no_place_and_can_be_stored_again()
    {
        var document = JsonNode.Parse(StoredDocument.Write(Samples.Server("deploy")))!;
        var manifest = document["approved"]!["manifest"]!;
        Assert.True(manifest.AsObject().Remove("content"));
        Assert.True(document["approved"]!.AsObject().Remove("place"));
        Assert.True(manifest["tools"]![0]!.AsObject().Remove("recordedArguments"));

        var server = Assert.IsType<ServerObject>(StoredDocument.Read("Server", document.ToJsonString()));

        Assert.Equal(RecordedContent.None, server.Approved!.Manifest.Content);
        Assert.Null(server.Approved.Place);
        Assert.Empty(server.Approved.Manifest.Tools[0].RecordedArguments);
        Assert.Contains("recordedArguments", StoredDocument.Write(server), StringComparison.Ordinal);
    }
}
