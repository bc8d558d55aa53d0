using System.Diagnostics.CodeAnalysis;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Forms;

/// <summary>What came of a step of a request: its result, or the error to answer with.</summary>
internal sealed class OAuthOutcome<T>
    where T : class
{
    private readonly T? value;
    private readonly OAuthError? error;

    private OAuthOutcome(T? value, OAuthError? error) => (this.value, this.error) = (value, error);

    public static implicit operator OAuthOutcome<T>(T value) => new(value, null);

    public static implicit operator OAuthOutcome<T>(OAuthError error) => new(null, error);

    /// <returns>True with the error, false with the result.</returns>
    public bool Failed([NotNullWhen(true)] out OAuthError? why, [NotNullWhen(false)] out T? found)
    {
        why = error;
        found = value;
        return why is not null;
    }
}
