using Symbolon.Core.OAuth;

namespace Symbolon.Gateway.Upstreams.Channels;

/// <summary>
/// Tells the handler of a channel on whose behalf a request is made. It stays on this side: nothing of it is sent to the server. A request
/// without it is the gateway's own.
/// </summary>
internal static class ChannelCaller
{
    private static readonly HttpRequestOptionsKey<string> Key = new("symbolon.caller");
    private static readonly HttpRequestOptionsKey<string> Identity = new("symbolon.identity");

    /// <summary>Names the caller, where the way out is a channel; others have no use for it.</summary>
    public static void Mark(HttpRequestMessage request, HttpMessageInvoker invoker, TokenRecord token)
    {
        // A token has one holder and one reach; another of the same holder may have less.
        if (invoker is ChannelInvoker) Mark(request, token.Id.Value);
    }

    public static void Mark(HttpRequestMessage request, string caller) => request.Options.Set(Key, caller);

    public static string? Of(HttpRequestMessage request) => request.Options.TryGetValue(Key, out var caller) ? caller : null;

    /// <summary>What the server is told of the caller, where it is told anything: in a channel the message becomes another request's.</summary>
    public static void MarkIdentity(HttpRequestMessage request, string token) => request.Options.Set(Identity, token);

    public static string? IdentityOf(HttpRequestMessage request) => request.Options.TryGetValue(Identity, out var token) ? token : null;
}
