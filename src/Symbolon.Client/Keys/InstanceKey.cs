using System.Security.Cryptography;
using System.Text;
using Symbolon.Jose.Signatures;

namespace Symbolon.Client.Keys;

/// <summary>
/// The key of one instance of a server or an API: a P-256 key in a file of its own (PKCS #8 in PEM, mode 0600), which never leaves the machine. Made at the first
/// start, so that nothing secret has to be handed out. Safe to use from many threads.
/// </summary>
public sealed class InstanceKey : IDisposable
{
    private const int MostBytes = 4096;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Lock signing = new();
    private readonly Es256SigningKey key;

    private InstanceKey(Es256SigningKey key) => this.key = key;

    /// <summary>RFC 7638: by this the key is known to Symbolon, listed and revoked.</summary>
    public string Thumbprint => key.PublicKey.Thumbprint.ToString();

    /// <summary>The public half as a JWK, to be registered where an API becomes a client (<c>symbolon client create --key</c>).</summary>
    public string PublicJwk => key.PublicKey.RequiredMembers();

    /// <summary>Opens the file, or makes it with a new key that is on the disk before this returns.</summary>
    /// <exception cref="InvalidOperationException">The file can be read by others, or holds no such key. The message names the file and never its content.</exception>
    public static InstanceKey OpenOrCreate(string path) => File.Exists(path) ? Open(path) : Create(path);

    /// <summary>Opens the file.</summary>
    /// <inheritdoc cref="OpenOrCreate"/>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static InstanceKey Open(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        // Of the open file, so that it is the one that is read.
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0)
            throw new InvalidOperationException($"The key file {path} can be used by others than its owner: chmod 600 it, or make a new one if somebody may have read it.");
        if (file.Length is 0 or > MostBytes) throw NoKey(path);
        var text = new byte[file.Length];
        try
        {
            file.ReadExactly(text);
            return new(Read(Encoding.ASCII.GetString(text)) ?? throw NoKey(path));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    public void Dispose() => key.Dispose();

    /// <summary>For tests: a key of no file.</summary>
    internal static InstanceKey Generate() => new(Es256SigningKey.Generate());

    internal string Sign(string type, ReadOnlySpan<byte> payload, bool carriesKey)
    {
        lock (signing) return key.Sign(type, payload, carriesKey);
    }

    private static InstanceKey Create(string path)
    {
        var made = Es256SigningKey.Generate();
        var pkcs8 = made.ExportPkcs8();
        var unfinished = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";
        try
        {
            Write(unfinished, Encoding.ASCII.GetBytes(PemEncoding.WriteString("PRIVATE KEY", pkcs8) + "\n"));
            // Whole or not at all; where somebody else was first, theirs is the key.
            if (WholeFile.TryPlace(unfinished, path)) return new(made);
            made.Dispose();
            return Open(path);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private static void Write(string path, byte[] content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var file = new FileStream(path, options);
        file.Write(content);
        file.Flush(flushToDisk: true);
        CryptographicOperations.ZeroMemory(content);
    }

    private static Es256SigningKey? Read(string pem)
    {
        if (!PemEncoding.TryFind(pem, out var fields) || !pem.AsSpan()[fields.Label].SequenceEqual("PRIVATE KEY")) return null;
        var pkcs8 = new byte[fields.DecodedDataLength];
        try
        {
            return Convert.TryFromBase64Chars(pem.AsSpan()[fields.Base64Data], pkcs8, out var length) ? Es256SigningKey.FromPkcs8(pkcs8.AsSpan(0, length)) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private static InvalidOperationException NoKey(string path) => new($"The key file {path} holds no P-256 private key as PKCS #8 in PEM.");
}
