using Symbolon.AuthorizationServer.Forms;
using Symbolon.AuthorizationServer.Issuing;
using Symbolon.Core.OAuth;
using Symbolon.Core.Resources;

namespace Symbolon.AuthorizationServer.Token;

/// <summary>What a server asks for of what it may have: never more (RFC 8693 §2.1, RFC 6749 §3.3).</summary>
internal static class AskedNeeds
{
    private const int MostScopes = 500;

    private static readonly OAuthError NoScope = OAuthError.InvalidScope("A scope here is ACTION:PATTERN of a resource, such as read:docs/*.");

    /// <summary>What of this is asked for, all of it where nothing is said: by <c>scope</c>, by <c>authorization_details</c>, or what both name.</summary>
    /// <param name="allowed">What may be asked for.</param>
    /// <param name="words">What that is.</param>
    public static OAuthOutcome<ResourceSet> Of(OAuthForm form, ResourceSet allowed, string words)
    {
        if (allowed.IsEmpty) return OAuthError.InvalidScope($"There is nothing in {words} at this moment.");
        if (!TryReadScopes(form[OAuthParameter.Scope], out var scopes)) return NoScope;
        if (!ScopeDecision.TryReadLimits(form, out var details, out var why)) return why;
        if (scopes is not null && !allowed.Covers(scopes)) return OAuthError.InvalidScope($"scope names more than {words}.");
        if (details is not null && !allowed.Covers(details)) return OAuthError.InvalidScope($"authorization_details names more than {words}.");
        var asked = scopes is null ? details ?? allowed : details is null ? scopes : scopes.Intersect(details);
        return asked.IsEmpty ? OAuthError.InvalidScope("scope and authorization_details have nothing in common.") : asked;
    }

    private static bool TryReadScopes(string? text, out ResourceSet? scopes)
    {
        scopes = null;
        if (text is null) return true;
        var needs = new List<ResourceNeed>();
        foreach (var scope in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = scope.IndexOf(':', StringComparison.Ordinal);
            if (needs.Count == MostScopes || colon < 0 || !ResourceAction.IsValid(scope[..colon])) return false;
            if (ResourcePattern.Parse(scope[(colon + 1)..], out _) is not { } pattern || pattern.Arguments.Any()) return false;
            needs.Add(new ResourceNeed([scope[..colon]], pattern));
        }
        scopes = ResourceSet.Of(needs);
        return needs.Count > 0;
    }
}
