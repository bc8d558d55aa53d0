using System.Text;

namespace Symbolon.Jose.Proofs;

/// <summary>The challenge of a resource that wants a bound token and its proof.</summary>
/// <remarks>RFC 9449 §7.1; RFC 9728 §5.1 for <c>resource_metadata</c>.</remarks>
public static class ProofChallenge
{
    /// <summary>Algorithms of proofs, separated by blanks: what metadata advertises and a challenge says.</summary>
    public const string Algorithms = "ES256";

    /// <param name="error">Null where no token came at all (RFC 6750 §3.1).</param>
    /// <exception cref="ArgumentException">A text holds what a quoted string of these parameters may not (RFC 6750 §3).</exception>
    public static string Write(string? error, string? description, string? scope, string? resourceMetadata)
    {
        var text = new StringBuilder("DPoP ");
        Add(text, "error", error);
        Add(text, "error_description", description);
        Add(text, "scope", scope);
        Add(text, "resource_metadata", resourceMetadata);
        Add(text, "algs", Algorithms);
        return text.ToString();
    }

    private static void Add(StringBuilder text, string name, string? value)
    {
        if (value is null) return;
        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~') || value.AsSpan().ContainsAny('"', '\\')) throw new ArgumentException($"Not a value of {name}.", nameof(value));
        if (text[^1] != ' ') text.Append(", ");
        text.Append(name).Append("=\"").Append(value).Append('"');
    }
}
