namespace Symbolon.Client.Credentials;

/// <summary>What a token shall be good for, where that is less than it could be.</summary>
/// <param name="Scope"><c>action:pattern</c>, separated by spaces; null for all.</param>
/// <param name="Details"><c>authorization_details</c> as JSON (RFC 9396 §2); null for all.</param>
internal sealed record Narrowing(string? Scope, string? Details)
{
    public static readonly Narrowing None = new(null, null);

    public bool IsNone => Scope is null && Details is null;

    public IEnumerable<KeyValuePair<string, string>> Parameters
    {
        get
        {
            if (Scope is not null) yield return new("scope", Scope);
            if (Details is not null) yield return new("authorization_details", Details);
        }
    }
}
