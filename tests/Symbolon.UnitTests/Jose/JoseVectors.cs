using System.Text.Json;

namespace Symbolon.UnitTests.Jose;

/// <summary>The public test vectors, read from the assembly (tests/data says where they come from).</summary>
internal static class JoseVectors
{
    public static byte[] Read(string name)
    {
        using var stream = typeof(JoseVectors).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"No resource {name}.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    public static IEnumerable<string> Names(string prefix) =>
        typeof(JoseVectors).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal));

    public static Dictionary<string, byte[]> JsonTestSuite { get; } = ReadJsonTestSuite();

    private static Dictionary<string, byte[]> ReadJsonTestSuite()
    {
        using var suite = JsonDocument.Parse(Read("json-test-suite/parsing.json"));
        return suite.RootElement.GetProperty("tests").EnumerateArray().ToDictionary(
            test => test.GetProperty("name").GetString()!,
            test => test.GetProperty("base64").GetBytesFromBase64());
    }
}
