using System.Diagnostics;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Symbolon.Client.AspNetCore;
using Symbolon.Client.AspNetCore.Resources;

namespace ReleaseApi;

/// <summary>One line a call, allowed or refused: who it was for, through whom, by which tool, and what was asked of which resource.</summary>
internal sealed partial class CallLog(RequestDelegate next, ILogger<CallLog> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        await next(http);
        var caller = http.SymbolonCaller();
        var needed = http.GetEndpoint()?.Metadata.GetMetadata<AuthorizationPolicy>()?.Requirements.OfType<ResourceRequirement>().FirstOrDefault();
        var resource = needed?.ResourceOf(http);
        var trace = Activity.Current?.TraceId.ToHexString();
        LogCall(caller?.Person, caller?.Agent, caller?.Server, caller?.Tool, needed?.Action, resource, http.Response.StatusCode, trace);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information,
        Message = "person={Person} agent={Agent} server={Server} tool={Tool} scope={Scope} resource={Resource} status={Status} trace={Trace}")]
    private partial void LogCall(string? person, string? agent, string? server, string? tool, string? scope, string? resource, int status, string? trace);
}
