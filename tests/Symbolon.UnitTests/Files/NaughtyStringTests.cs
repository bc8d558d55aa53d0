using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Core.Registry.Files;
using Symbolon.Testing;

namespace Symbolon.UnitTests.Files;

/// <summary>The strings that break things, in every text field: stored as they are, or refused by rule with a place.</summary>
[Trait("area", "files")]
public sealed class NaughtyStringTests
{
    private static readonly string[] Strings = JsonSerializer.Deserialize<string[]>(File.ReadAllText(Repo.At("tests", "data", "naughty-strings", "blns.json")))!;

    [Fact]
    public void There_are_some() => Assert.True(Strings.Length > 400);

    [Theory]
    [InlineData("spec.tools.0.description")]
    [InlineData("spec.tools.0.title")]
    [InlineData("metadata.labels.env")]
    [InlineData("metadata.owner")]
    [InlineData("metadata.name")]
    [InlineData("spec.upstream.url")]
    [InlineData("spec.credential.header")]
    [InlineData("spec.tools.0.name")]
    [InlineData("spec.tools.0.annotations.title")]
    public void A_naughty_string_is_kept_or_refused_with_its_place(string path)
    {
        foreach (var text in Strings)
        {
            var reading = Documents.Read(Documents.With("Server", path, JsonSerializer.Serialize(text)));
            if (reading.Document is null)
            {
                Assert.All(reading.Errors, error => Assert.StartsWith(path.Replace(".0", "[0]", StringComparison.Ordinal), error.Path, StringComparison.Ordinal));
                Assert.NotEmpty(reading.Errors);
                continue;
            }
            JsonNode? node = JsonNode.Parse(DocumentWriter.Write(reading.Document).Span);
            foreach (var part in path.Split('.')) node = int.TryParse(part, out var index) ? node![index] : node?[part];
            var kept = node?.GetValue<string>();
            Assert.Equal(path == "metadata.owner" ? text.ToLowerInvariant() : text, kept);
        }
    }

    [Theory]
    [InlineData("spec.upstream.args[0]", "\"args\":[TEXT]")]
    [InlineData("spec.upstream.env.A", "\"env\":{\"A\":TEXT}")]
    [InlineData("spec.upstream.cwd", "\"cwd\":TEXT")]
    public void A_naughty_string_reaches_a_process_as_it_is_or_not_at_all(string path, string member)
    {
        foreach (var text in Strings)
        {
            var json = """{"apiVersion":"symbolon/v1","kind":"Server","metadata":{"name":"x","owner":"a@b.c"},"spec":{"upstream":{"transport":"stdio","command":"/bin/x",MEMBER}}}"""
                .Replace("MEMBER", member, StringComparison.Ordinal).Replace("TEXT", JsonSerializer.Serialize(text), StringComparison.Ordinal);
            var reading = Documents.Read(json);
            if (reading.Document is not Document.Server { Manifest.Upstream: Core.Registry.UpstreamAddress.Stdio process })
            {
                Assert.All(reading.Errors, error => Assert.Equal(path, error.Path));
                Assert.NotEmpty(reading.Errors);
                continue;
            }
            Assert.Equal(text, path[14] switch { 'a' => process.Args[0], 'e' => process.Env["A"], _ => process.Cwd });
        }
    }

    [Fact]
    public void A_naughty_name_of_a_field_is_shown_without_control_characters()
    {
        foreach (var text in Strings)
        {
            var reading = Documents.Read(new JsonObject { [text] = 1 }.ToJsonString());
            Assert.Null(reading.Document);
            Assert.All(reading.Errors, error => Assert.DoesNotContain(error.Path + error.Message, c => char.IsControl(c) || c is '\u202E' or '\u200B' or '\uFEFF'));
        }
    }
}
