using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Symbolon.Client.Callers;

namespace Symbolon.Client.AspNetCore.Calls;

/// <summary>Names in the scope of log lines who calls and in which trace, so that a line here is found from the audit there.</summary>
internal sealed class CallerScope(RequestDelegate next, ILogger<CallerScope> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (http.Features.Get<SymbolonCaller>() is not { } caller)
        {
            await next(http);
            return;
        }
        using (log.BeginScope(new Dictionary<string, object?>
        {
            ["Person"] = caller.Person,
            ["Agent"] = caller.Agent ?? caller.Workflow,
            ["Server"] = caller.Server,
            ["Tool"] = caller.Tool,
            ["Token"] = caller.TokenId,
            ["TraceId"] = TraceIdOf(http),
        }))
            await next(http);
    }

    private static string? TraceIdOf(HttpContext http) =>
        Activity.Current?.TraceId.ToHexString()
        ?? (ActivityContext.TryParse(http.Request.Headers.TraceParent, null, out var sent) ? sent.TraceId.ToHexString() : null);
}
