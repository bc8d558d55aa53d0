using Microsoft.AspNetCore.Http;
using Symbolon.Client.Calls;

namespace Symbolon.Client.AspNetCore.Calls;

/// <summary>
/// The call that is being answered, for whoever does something on its behalf. It is known to all that was begun in it, also after the caller has gone away or the answer was sent: what
/// goes on then is still theirs, for as long as their token lasts, and never the server's own.
/// </summary>
public static class IncomingCalls
{
    private static readonly AsyncLocal<Holder?> Current = new();

    /// <returns>Null outside of a call that was authenticated by <c>AddSymbolonServer</c>.</returns>
    public static IncomingCall? Find() => Current.Value?.Call;

    /// <summary>Around the whole request: what the authentication behind it sets could not be seen after it else.</summary>
    internal static async Task BeginAsync(HttpContext http, RequestDelegate next)
    {
        Current.Value = new Holder();
        await next(http);
    }

    internal static void Set(IncomingCall call)
    {
        if (Current.Value is { } holder) holder.Call = call;
    }

    /// <summary>Not the HTTP context, which is emptied and used again for somebody else's request.</summary>
    private sealed class Holder
    {
        public volatile IncomingCall? Call;
    }
}
