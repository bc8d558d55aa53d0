using Microsoft.AspNetCore.Http;
using Symbolon.Client.Calls;

namespace Symbolon.Client.AspNetCore.Calls;

/// <summary>The call that is being answered here, for whoever does something on its behalf. What goes on after its answer has no caller any more.</summary>
public sealed class IncomingCalls(IHttpContextAccessor accessor)
{
    /// <returns>Null outside of a request, and in one that was not authenticated by <c>AddSymbolonServer</c>.</returns>
    public IncomingCall? Find() => accessor.HttpContext?.Features.Get<IncomingCall>();
}
