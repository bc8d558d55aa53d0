using System.Text;

namespace Symbolon.Admin.Console.Layout;

/// <summary>The console's own files, carried inside the program, so that no way to publish it can lose them.</summary>
internal static class ConsoleAssets
{
    /// <summary>Each icon as a symbol, put into every page.</summary>
    public static readonly string Icons = Encoding.UTF8.GetString(Read("icons.svg"));
    /// <summary>What a browser shows beside the title; without one it asks for a file that there is not, and says so on its console.</summary>
    public static readonly ReadOnlyMemory<byte> Mark = Read("icon.svg");
    public static readonly ReadOnlyMemory<byte> Style = Read("app.css");
    public static readonly ReadOnlyMemory<byte> Script = Read("app.js");

    private static byte[] Read(string name)
    {
        using var found = typeof(ConsoleAssets).Assembly.GetManifestResourceStream($"console/{name}")
            ?? throw new InvalidOperationException($"{name} is not in the program.");
        var bytes = new byte[found.Length];
        found.ReadExactly(bytes);
        return bytes;
    }
}
