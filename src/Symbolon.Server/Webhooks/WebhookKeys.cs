using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Symbolon.Server.Files;

namespace Symbolon.Server.Webhooks;

/// <summary>Signs messages as the Standard Webhooks specification 1.0.0 says (section Signature scheme, symmetric).</summary>
internal sealed class WebhookKeys
{
    private const string Prefix = "whsec_";
    private const int LeastBytes = 24;
    private const int MostBytes = 64;

    /// <summary>The present one, and while receivers change over the one before.</summary>
    private const int MostKeys = 2;

    private readonly IReadOnlyList<byte[]> keys;

    private WebhookKeys(IReadOnlyList<byte[]> keys) => this.keys = keys;

    /// <summary>Reads the secrets of a file: <c>whsec_</c> and base64 of 24 to 64 bytes, one a line, one or two.</summary>
    /// <exception cref="FormatException">It cannot be used. The message says why, and nothing of what is in the file.</exception>
    public static WebhookKeys Read(string path)
    {
        try
        {
            if (!File.Exists(path)) throw new FormatException("the file does not exist");
            if (OwnerOnlyFile.IsOpenToOthers(path)) throw new FormatException("the file is open to others than its owner; chmod 600 it");
            return Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FormatException("the file cannot be read", e);
        }
    }

    /// <exception cref="FormatException">As <see cref="Read"/>.</exception>
    public static WebhookKeys Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length is 0 or > MostKeys) throw new FormatException("the file must hold one secret, or two while receivers change over, one a line");
        return new WebhookKeys([.. lines.Select(KeyOf)]);
    }

    /// <summary>A signature by each key, as <c>webhook-signature</c> has them.</summary>
    /// <param name="timestamp">Of this attempt. Seconds since the Unix epoch.</param>
    public string Sign(string id, long timestamp, ReadOnlySpan<byte> body)
    {
        var head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}."));
        byte[] signed = [.. head, .. body];
        return string.Join(' ', keys.Select(key => "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed))));
    }

    private static byte[] KeyOf(string line)
    {
        var key = new byte[line.Length];
        return line.StartsWith(Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(line[Prefix.Length..], key, out var length) && length is >= LeastBytes and <= MostBytes
            ? key[..length]
            : throw new FormatException($"a secret is {Prefix} and {LeastBytes} to {MostBytes} bytes in base64");
    }
}
