using System.Security.Cryptography;
using System.Text;
using Symbolon.Core.Snapshot;
using Symbolon.Server.Files;

namespace Symbolon.Server.Background;

/// <summary>The name of this node: chosen at random once, kept in its folder, so that a restart after a crash takes over its own lease.</summary>
internal static class NodeName
{
    private const int Length = 16;

    /// <exception cref="InvalidDataException">The file holds something else than a name of ours.</exception>
    public static ThisNode ReadOrCreate(string path)
    {
        if (!File.Exists(path)) OwnerOnlyFile.Create(path, Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(Length, lowercase: true)));
        var name = File.ReadAllText(path).Trim();
        return name.Length == Length && name.All(char.IsAsciiHexDigitLower)
            ? new ThisNode(name)
            : throw new InvalidDataException($"{path} does not hold the name of a node; delete it for a new one.");
    }
}
