using Symbolon.Core.OAuth;
using Symbolon.Gateway.Sealing;

namespace Symbolon.Gateway.Upstreams.Channels;

/// <summary>
/// Tells the handler of a channel on whose behalf a request is made. It stays on this side: nothing of it is sent to the server. A request
/// without it is the gateway's own.
/// </summary>
internal static class ChannelCaller
{
    private static readonly HttpRequestOptionsKey<string> Key = new("symbolon.caller");
    private static readonly HttpRequestOptionsKey<string> Identity = new("symbolon.identity");
    private static readonly HttpRequestOptionsKey<AskedMark> Asked = new("symbolon.asked");

    /// <summary>Names the caller as sealed state does, so that a refreshed token keeps its processes; where the way out is a channel; others have no use for it.</summary>
    public static void Mark(HttpRequestMessage request, HttpMessageInvoker invoker, TokenRecord token)
    {
        if (invoker is not ChannelInvoker) return;
        Mark(request, StateSeal.HolderOf(token));
        // Put there before the request is sent: whoever looks whether its silence counts must find it as it stays.
        request.Options.Set(Asked, new AskedMark());
    }

    public static void Mark(HttpRequestMessage request, string caller) => request.Options.Set(Key, caller);

    public static string? Of(HttpRequestMessage request) => request.Options.TryGetValue(Key, out var caller) ? caller : null;

    /// <summary>Null for the gateway's own requests.</summary>
    public static AskedMark? AskedOf(HttpRequestMessage request) => request.Options.TryGetValue(Asked, out var mark) ? mark : null;

    /// <summary>What the server is told of the caller, where it is told anything: in a channel the message becomes another request's.</summary>
    public static void MarkIdentity(HttpRequestMessage request, string token) => request.Options.Set(Identity, token);

    public static string? IdentityOf(HttpRequestMessage request) => request.Options.TryGetValue(Identity, out var token) ? token : null;
}

/// <summary>
/// Whether a server waits for an answer to what it asked its session. On a channel nothing tells which of the open calls that is for, so the silence of none of them
/// counts till all is answered.
/// </summary>
internal sealed class AskedMark
{
    private volatile bool isSet;

    public bool IsSet
    {
        get => isSet;
        set => isSet = value;
    }
}
