using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.BadInput;

/// <summary>The big list of naughty strings through files, commands and records: stored and shown as they are, or refused with the field named.</summary>
[Trait("area", "strings")]
public sealed class NaughtyCommandTests : IDisposable
{
    private const int LongestLabel = 256;

    private readonly string folder = Directory.CreateTempSubdirectory("symbolon-naughty-").FullName;

    private static string[] Strings { get; } =
        [.. JsonNode.Parse(File.ReadAllText(Repo.At("tests", "data", "naughty-strings", "blns.json")))!.AsArray().Select(each => (string)each!)];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task As_labels_they_go_through_files_and_commands_and_come_back_as_they_are()
    {
        await using var symbolon = await SymbolonProcess.StartAsync();
        var (given, exported) = (Path.Combine(folder, "given"), Path.Combine(folder, "exported"));
        // Two an agent: a request applies 500 documents at most.
        var expected = Strings.Where(text => text.Length <= LongestLabel).Chunk(2).Select((texts, i) => (Name: Name(i), Texts: texts)).ToDictionary(each => each.Name, each => each.Texts);
        foreach (var (name, texts) in expected) await WriteAsync(given, name, Agent(name, "owner@example.com", texts));

        (await symbolon.RunAsync("apply", "-f", given)).Expect();
        var shown = (await symbolon.RunAsync("export", "-o", "json")).Expect().Json.AsArray();
        Assert.Equal(expected.Count, shown.Count);
        Assert.All(shown, agent => Assert.Equal(expected[(string)agent!["metadata"]!["name"]!], LabelsOf(agent["metadata"]!)));
        foreach (var name in expected.Keys.Where((_, i) => i % 50 == 7))
            Assert.Equal(expected[name], LabelsOf((await symbolon.RunAsync("agent", "show", name, "-o", "json")).Expect().Json));

        // As YAML they say the same: read again, nothing has changed.
        (await symbolon.RunAsync("export", "-f", exported)).Expect();
        var again = (await symbolon.RunAsync("apply", "-f", exported, "-o", "json")).Expect().Json.AsArray();
        Assert.Equal(expected.Count, again.Count);
        Assert.All(again, applied => Assert.Equal("unchanged", (string?)applied!["action"]));
    }

    [Fact]
    public async Task As_labels_that_are_too_long_and_as_owners_they_are_refused_with_the_field_named()
    {
        await using var symbolon = await SymbolonProcess.StartAsync();
        var tooLong = Strings.Where(text => text.Length > LongestLabel).ToList();
        Assert.NotEmpty(tooLong);
        foreach (var text in tooLong) await RefusedAsync(symbolon, Agent("long", "owner@example.com", text), "metadata.labels.note-0");
        foreach (var text in Strings.Where((_, i) => i % 40 == 3)) await RefusedAsync(symbolon, Agent("owned", text), "metadata.owner");
        Assert.Empty((await symbolon.RunAsync("export", "-o", "json")).Expect().Json.AsArray());
    }

    [Fact]
    public async Task As_reasons_and_as_arguments_that_are_kept_they_are_recorded_as_they_are_or_redacted()
    {
        await using var upstream = new HostileUpstream();
        await using var symbolon = await SymbolonProcess.StartAsync();
        using var setup = new Setup(symbolon);
        using var wire = new McpWire(symbolon.Url);
        await setup.ServerAsync("hostile", upstream.Url, document =>
        {
            document["spec"]!["audit"] = new JsonObject { ["content"] = "arguments" };
            document["spec"]!["tools"]!.AsArray().Single(tool => (string?)tool!["name"] == "fine")!["audit"] = new JsonObject { ["arguments"] = new JsonArray("item") };
        });
        var token = await setup.TokenAsync("hostile:fine");

        foreach (var text in Strings)
        {
            var called = await wire.CallAsync("hostile", token.Secret, "fine", new JsonObject { ["item"] = text }.ToJsonString());
            Assert.Equal("good", called.ToolText);
            var (status, answer) = await setup.Api.SendAsync(HttpMethod.Post, "/revocations", new JsonObject { ["user"] = "nobody@example.com", ["reason"] = text }.ToJsonString());
            Assert.True(status == HttpStatusCode.OK, answer);
        }
        var typed = Strings.Where((text, i) => i % 40 == 5).ToList();
        foreach (var text in typed) (await symbolon.RunAsync("revoke", "--user", "typed@example.com", $"--reason={text}", "--yes")).Expect();

        var lines = (await setup.Api.SendAsync(HttpMethod.Get, "/audit/export", null)).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var events = lines.Select(line => JsonNode.Parse(line)!["event"]).OfType<JsonNode>().ToList();
        Assert.Equal(Strings, Reasons(events, "nobody@example.com"));
        Assert.Equal(typed, Reasons(events, "typed@example.com"));
        var kept = events.Where(each => each["arguments"] is not null).Select(each => (string?)each["arguments"]!["value"]!["item"]).ToList();
        Assert.Equal(Strings.Length, kept.Count);
        var redacted = 0;
        foreach (var (text, item) in Strings.Zip(kept))
        {
            if (item == "[redacted]") redacted++;
            else Assert.Equal(text, item);
        }
        Assert.InRange(redacted, 0, 20);
        (await symbolon.RunAsync("audit", "verify")).Expect();
        var queried = (await symbolon.RunAsync("audit", "query", "--kind", "revocation", "-o", "json", "--limit", "10")).Expect().Json.AsArray();
        Assert.Equal(typed.AsEnumerable().Reverse().Take(10).Order(StringComparer.Ordinal), queried.Select(record => (string?)record!["event"]!["reason"]).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string?> Reasons(List<JsonNode> events, string user) =>
        events.Where(each => (string?)each["kind"] == "revocation" && ((string?)each["target"])?.Contains(user, StringComparison.Ordinal) == true).Select(each => (string?)each["reason"]);

    private async Task RefusedAsync(SymbolonProcess symbolon, JsonObject document, string field)
    {
        var path = await WriteAsync(Path.Combine(folder, "refused"), "one", document);
        var refused = (await symbolon.RunAsync("apply", "-f", path)).Expect(1);
        Assert.Contains(field, refused.Errors, StringComparison.Ordinal);
    }

    private static async Task<string> WriteAsync(string into, string name, JsonObject document)
    {
        Directory.CreateDirectory(into);
        var path = Path.Combine(into, $"{name}.json");
        await File.WriteAllTextAsync(path, document.ToJsonString());
        return path;
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"naughty-{number}");

    private static IEnumerable<string?> LabelsOf(JsonNode of) => of["labels"]!.AsObject().OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => (string?)label.Value);

    private static JsonObject Agent(string name, string owner, params string[] notes) => new()
    {
        ["apiVersion"] = "symbolon/v1",
        ["kind"] = "Agent",
        ["metadata"] = new JsonObject { ["name"] = name, ["owner"] = owner, ["labels"] = new JsonObject(notes.Select((note, i) => KeyValuePair.Create<string, JsonNode?>($"note-{i}", note))) },
        ["spec"] = new JsonObject(),
    };
}
