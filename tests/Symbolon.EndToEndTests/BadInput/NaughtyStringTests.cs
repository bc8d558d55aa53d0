using System.Net;
using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing;
using Xunit;

namespace Symbolon.EndToEndTests.BadInput;

/// <summary>The big list of naughty strings wherever text is taken: kept as it is or refused by rule, and nothing breaks.</summary>
[Trait("area", "strings")]
public sealed class NaughtyStringTests(RunningGateway gateway)
{
    private static string[] Strings { get; } =
        [.. JsonNode.Parse(File.ReadAllText(Repo.At("tests", "data", "naughty-strings", "blns.json")))!.AsArray().Select(each => (string)each!)];

    [Fact]
    public async Task As_arguments_they_arrive_as_they_were_sent()
    {
        var token = await gateway.Setup.TokenAsync("recording:keep");
        foreach (var text in Strings)
        {
            var answer = await gateway.Wire.CallAsync("recording", token.Secret, "keep", new JsonObject { ["item"] = text }.ToJsonString());
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            var ran = JsonNode.Parse(answer.ToolText!["ran keep ".Length..])!;
            Assert.Equal(text, (string?)ran["item"]);
        }
    }

    [Fact]
    public async Task As_names_of_tools_they_are_unknown_or_malformed()
    {
        var token = await gateway.Setup.TokenAsync("recording:keep");
        foreach (var text in Strings)
        {
            var body = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = text, ["method"] = "tools/call", ["params"] = new JsonObject { ["name"] = text } };
            var answer = await gateway.Wire.PostAsync("/t/mcp/recording", token.Secret, body.ToJsonString());
            Assert.InRange((int)answer.Status, 200, 499);
            Assert.NotNull(answer.Message["error"]);
        }
    }

    [Fact]
    public async Task As_descriptions_and_labels_of_a_server_they_are_kept_or_refused_by_name()
    {
        var kept = 0;
        foreach (var part in Strings.Chunk(25))
        {
            var document = Server("naughty", part);
            var (status, text) = await gateway.Setup.Api.SendAsync(HttpMethod.Post, "/apply", Apply(document));
            if (status == HttpStatusCode.UnprocessableEntity)
            {
                // One refused string refuses the file, so each is tried alone: it is kept or named in the refusal.
                foreach (var one in part) kept += await AloneAsync(one) ? 1 : 0;
                continue;
            }
            Assert.Equal(HttpStatusCode.OK, status);
            await SameAsync(document);
            kept += part.Length;
        }
        // Only what a rule names may be refused: control characters, too long, empty.
        Assert.InRange(kept, Strings.Length - 30, Strings.Length);
    }

    [Fact]
    public async Task As_reasons_and_notes_they_are_kept_or_refused()
    {
        foreach (var text in Strings)
        {
            var (status, answer) = await gateway.Setup.Api.SendAsync(HttpMethod.Post, "/revocations",
                new JsonObject { ["user"] = "nobody@example.com", ["reason"] = text }.ToJsonString());
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest, $"{status}: {answer}");
        }
        var shown = await gateway.Symbolon.RunAsync("audit", "query", "-o", "json");
        Assert.NotEmpty(shown.Expect().Json.AsArray());
        var verified = await gateway.Symbolon.RunAsync("audit", "verify");
        verified.Expect();
    }

    [Fact]
    public async Task As_owners_they_are_e_mail_addresses_or_refused()
    {
        foreach (var text in Strings)
        {
            var document = Server("naughty-owner", []);
            document["metadata"]!["owner"] = text;
            var (status, answer) = await gateway.Setup.Api.SendAsync(HttpMethod.Post, "/apply", Apply(document));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
            Assert.Contains("owner", answer, StringComparison.Ordinal);
        }
    }

    private async Task<bool> AloneAsync(string text)
    {
        var document = Server("naughty", [text]);
        var (status, answer) = await gateway.Setup.Api.SendAsync(HttpMethod.Post, "/apply", Apply(document));
        if (status == HttpStatusCode.OK)
        {
            await SameAsync(document);
            return true;
        }
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("spec.tools[0].description", answer, StringComparison.Ordinal);
        return false;
    }

    private async Task SameAsync(JsonObject document)
    {
        var stored = (await gateway.Setup.Api.GetAsync("/export")).AsArray().First(each => (string?)each!["metadata"]!["name"] == (string)document["metadata"]!["name"]!)!;
        Assert.Equal(Descriptions(document), Descriptions(stored));
        Assert.Equal((string?)document["metadata"]!["labels"]?["note"], (string?)stored["metadata"]!["labels"]?["note"]);
    }

    private static IEnumerable<string?> Descriptions(JsonNode document) => document["spec"]!["tools"]!.AsArray().Select(tool => (string?)tool!["description"]);

    private static string Apply(JsonObject document) => new JsonObject { ["documents"] = new JsonArray(document.DeepClone()) }.ToJsonString();

    private static JsonObject Server(string name, IReadOnlyList<string> descriptions) => new()
    {
        ["apiVersion"] = "symbolon/v1",
        ["kind"] = "Server",
        ["metadata"] = new JsonObject { ["name"] = name, ["owner"] = "owner@example.com" },
        ["spec"] = new JsonObject
        {
            ["upstream"] = new JsonObject { ["transport"] = "http", ["url"] = "http://127.0.0.1:9/mcp" },
            ["tools"] = new JsonArray([.. descriptions.Select((text, i) => new JsonObject
            {
                ["name"] = $"tool_{i}",
                ["description"] = text,
                ["effect"] = "read",
                ["digests"] = new JsonObject { ["modern"] = $"sha256:{new string('0', 64)}" },
            })]),
        },
    };
}
