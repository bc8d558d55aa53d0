using System.Collections.Immutable;
using System.Text;
using Symbolon.Jose;
using Symbolon.Jose.Keys;

namespace Symbolon.Core.Registry.Files;

/// <summary>A list of public keys (RFC 7517 §4), each given once and of a kind that can verify.</summary>
internal static class PublicKeyReader
{
    public static ImmutableArray<string> Read(ObjectFields fields, int most, FieldErrors errors)
    {
        var thumbprints = new HashSet<string>(StringComparer.Ordinal);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        return fields.List("keys", most, (item, at) =>
        {
            // The text of the file, since a value that was read could hide that a member is there twice.
            var error = Jwk.Parse(Encoding.UTF8.GetBytes(item.GetRawText()), out var key);
            if (error != JoseError.None) errors.Add(at, FieldErrorCode.BadValue, $"{at} {Why(error)}");
            else if (!thumbprints.Add(key!.Thumbprint.ToString())) errors.Add(at, FieldErrorCode.Duplicate, $"{at} is given twice.");
            else if (key.KeyId is { } id && !ids.Add(id)) errors.Add(at, FieldErrorCode.Duplicate, $"{at} has the kid of another key.");
            else if (VerificationKey.Import(key) is null) errors.Add(at, FieldErrorCode.BadValue, $"{at} is no point of its curve.");
            else return key.ToJson();
            return null;
        });
    }

    private static string Why(JoseError error) => error switch
    {
        JoseError.PrivateKey => "is a private or symmetric key. Give the public one, and take this one for lost.",
        JoseError.UnsupportedKey => "is of a kind that is not supported: EC on P-256 or P-384, or RSA with RS256 or PS256.",
        JoseError.KeyUseNotAllowed => "says by use or key_ops that it is not for signatures.",
        JoseError.TooLarge => "is longer than 8 KiB.",
        _ => "is no public key as RFC 7517 writes it.",
    };
}
