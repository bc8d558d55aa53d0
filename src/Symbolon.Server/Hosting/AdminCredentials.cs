using System.Security.Cryptography;
using System.Text;
using Symbolon.Admin;
using Symbolon.Core.Identity;
using Symbolon.Server.Files;

namespace Symbolon.Server.Hosting;

/// <summary>The bootstrap token of this start. It lives in its file (0600) only; here is its SHA-256.</summary>
internal sealed class AdminCredentials(ServerDirectory directory) : IAdminCredentials
{
    private byte[]? hash;

    public string File => directory.AdminTokenFile;

    /// <summary>Makes a new one and puts it in the place of the last start's, which dies with that.</summary>
    public void Replace()
    {
        var token = PastedToken.Create(TokenKind.Admin);
        OwnerOnlyFile.Replace(directory.AdminTokenFile, Encoding.ASCII.GetBytes(token + "\n"));
        Volatile.Write(ref hash, PastedToken.Hash(token).ToBytes());
    }

    public bool IsAdmin(ReadOnlySpan<byte> token)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(token, digest);
        return Volatile.Read(ref hash) is { } known && CryptographicOperations.FixedTimeEquals(digest, known);
    }
}
