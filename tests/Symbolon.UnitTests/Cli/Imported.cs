using System.Text.Json;
using Symbolon.Admin.Sources;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;

namespace Symbolon.UnitTests.Cli;

/// <summary>What <c>manifest init</c> printed.</summary>
/// <param name="Yaml">With its comments.</param>
internal sealed record Imported(int Code, string Yaml, string Errors)
{
    public JsonElement Json => Assert.Single(YamlReader.Read("x", Yaml).Documents).Json;

    /// <summary>As <c>apply</c> reads it: what was printed has to be a file in order.</summary>
    public ServerManifest Manifest
    {
        get
        {
            var reading = DocumentReader.Read(Json);
            Assert.Empty(reading.Errors);
            return Assert.IsType<Document.Server>(reading.Document).Manifest;
        }
    }

    public string NeedsOf(string tool) => string.Join(' ', Manifest.Tools.Single(each => each.Name.Value == tool).Needs.SelectMany(need => need.ToScopes()));

    public IEnumerable<string> Comments => Yaml.Split('\n').TakeWhile(line => line.StartsWith('#'));

    /// <param name="description">What stands on standard input.</param>
    public static async Task<Imported> FromAsync(string description, string options = "--owner o@example.com --url http://127.0.0.1:7001/mcp")
    {
        var fake = new FakeApi { Answer = description, Token = null };
        var code = await fake.RunAsync($"manifest init --from - {options}");
        Assert.Empty(fake.Seen);
        return new Imported(code, fake.Output.ToString(), fake.Error.ToString());
    }

    public static string Data(string name)
    {
        using var reader = new StreamReader(typeof(Imported).Assembly.GetManifestResourceStream($"imports/{name}")!);
        return reader.ReadToEnd();
    }
}
