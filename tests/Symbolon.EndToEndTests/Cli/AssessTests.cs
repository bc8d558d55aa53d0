using Symbolon.Testing;
using Xunit;

namespace Symbolon.EndToEndTests.Cli;

/// <summary><c>symbolon tool assess</c> with no server anywhere, on lists of real servers.</summary>
[Trait("area", "assessment")]
public sealed class AssessTests
{
    private static readonly IReadOnlyDictionary<string, string?> Nothing = new Dictionary<string, string?>();

    [Fact]
    public async Task A_saved_list_is_assessed_offline_with_reasons()
    {
        var tools = (await CommandJourney.RunAsync(Nothing, "tool", "assess", Repo.At("tests", "data", "tool-lists", "filesystem.json"), "-o", "json")).Expect().Json.AsArray();

        var write = Assert.Single(tools, tool => (string?)tool!["name"] == "write_file")!;
        Assert.Equal("irreversible", (string?)write["effect"]);
        Assert.NotEmpty(write["why"]!.AsArray());
        var read = Assert.Single(tools, tool => (string?)tool!["name"] == "read_file")!;
        Assert.Equal(("read", "sensitive", "read"), ((string?)read["effect"], (string?)read["flags"]!.AsArray().Single(), (string?)read["declared"]!["effect"]));
    }

    [Theory]
    [InlineData("no list", 1)]
    [InlineData("""{"tools":{}}""", 1)]
    [InlineData("""[{"name":"a","name":"b"}]""", 1)]
    [InlineData("""[5]""", 1)]
    [InlineData("[]", 0)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"a"}]}}""", 0)]
    public async Task What_is_no_list_of_tools_is_an_error(string content, int code)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
            (await CommandJourney.RunAsync(Nothing, "tool", "assess", file)).Expect(code);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
