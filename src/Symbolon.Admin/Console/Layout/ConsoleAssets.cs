using System.Security.Cryptography;
using System.Text;

namespace Symbolon.Admin.Console.Layout;

/// <summary>The console's own files, carried inside the program, so that no way to publish it can lose them.</summary>
internal static class ConsoleAssets
{
    /// <summary>Each icon as a symbol, put into every page.</summary>
    public static readonly string Icons = Encoding.UTF8.GetString(Read("icons.svg"));

    /// <summary>What a browser shows beside the title; without one it asks for a file that there is not, and says so on its console.</summary>
    public static readonly ReadOnlyMemory<byte> Mark = Read("icon.svg");

    /// <summary>What comes later outweighs what came before: small screens last.</summary>
    public static readonly ReadOnlyMemory<byte> Style = Join("app.css", "parts.css", "narrow.css");
    public static readonly ReadOnlyMemory<byte> Script = Read("app.js");

    /// <summary>Where pages find them: another version has another address, so that browsers may keep what they have.</summary>
    public static readonly string StylePath = "/assets/app.css?v=" + VersionOf(Style.Span);
    public static readonly string ScriptPath = "/assets/app.js?v=" + VersionOf(Script.Span);

    private static string VersionOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8));

    private static byte[] Join(params string[] names) => [.. names.SelectMany(Read)];

    private static byte[] Read(string name)
    {
        using var found = typeof(ConsoleAssets).Assembly.GetManifestResourceStream($"console/{name}")
            ?? throw new InvalidOperationException($"{name} is not in the program.");
        var bytes = new byte[found.Length];
        found.ReadExactly(bytes);
        return bytes;
    }
}
