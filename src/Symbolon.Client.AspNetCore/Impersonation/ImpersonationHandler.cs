using System.Net.Http.Headers;
using Symbolon.Client.Callers;

namespace Symbolon.Client.AspNetCore.Impersonation;

/// <summary>
/// Says on each request for whom it is made, from the verified chain alone: whatever <c>Impersonate-…</c> a request brings along is taken off, since the API believes
/// these headers of us. Without a caller no request is made.
/// </summary>
/// <param name="caller">Of the request that is being answered.</param>
public sealed class ImpersonationHandler(Func<SymbolonCaller?> caller, ImpersonationOptions options) : DelegatingHandler
{
    private const string Prefix = "Impersonate-";

    /// <exception cref="SymbolonException">There is no caller, or one whose name cannot stand in a header.</exception>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Write(request);
        return base.SendAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Write(request);
        return base.Send(request, cancellationToken);
    }

    private void Write(HttpRequestMessage request)
    {
        Strip(request.Headers);
        // They are sent in the same block as the others.
        if (request.Content is not null) Strip(request.Content.Headers);
        var verified = caller() ?? throw new SymbolonException("no_caller", "There is no verified caller to impersonate.");
        var user = options.User(verified);
        if (string.IsNullOrEmpty(user)) throw new SymbolonException("no_caller", "The verified caller has no name to impersonate.");
        Add(request, "User", user);
        foreach (var group in options.Groups(verified)) Add(request, "Group", group);
        foreach (var (name, value) in options.Extra(verified))
            if (value is not null) Add(request, $"Extra-{name}", value);
    }

    private static void Strip(HttpHeaders headers)
    {
        foreach (var brought in headers.NonValidated.Select(header => header.Key).Where(name => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)).ToList()) headers.Remove(brought);
    }

    private static void Add(HttpRequestMessage request, string name, string value)
    {
        if (value.Length is 0 or > 512 || value.AsSpan().ContainsAnyExceptInRange(' ', '~') || !request.Headers.TryAddWithoutValidation(Prefix + name, value))
            throw new SymbolonException("no_caller", $"The value of {Prefix}{name} cannot stand in a header.");
    }
}
