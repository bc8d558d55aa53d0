using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Policies;
using Symbolon.Core.Changes;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.PolicyPages;

/// <summary>The page that asks the rules about a call that nobody makes. A form, since arguments do not belong into addresses.</summary>
internal static class SimulateEndpoints
{
    /// <summary>Not below the policies' address, where every name is a policy's.</summary>
    public const string Path = "/simulate";

    public static void MapSimulatePage(this RouteGroupBuilder pages)
    {
        pages.MapGet(Path, (HttpContext http, IAntiforgery forms, Configuration configuration) => Page(http, forms, configuration, SimulateForm.Read(name => http.Request.Query[name]))).WithMetadata(new RouteAccess.Administrator("policies:read"));
        pages.MapPost(Path, SendAsync).WithMetadata(new RouteAccess.Administrator("policies:read"));
    }

    private static async Task<IResult> SendAsync(HttpContext http, IAntiforgery forms, Configuration configuration, PolicyReads policies)
    {
        var sent = await http.Request.ReadFormAsync(http.RequestAborted);
        var form = SimulateForm.Read(name => sent[name]);
        var (call, fault) = form.ToCall();
        if (call is null) return Page(http, forms, configuration, form, faults: [fault!], status: StatusCodes.Status422UnprocessableEntity);
        return await policies.SimulateAsync(http.Requester().Organisation, call.Value, form.Token.Length == 0 ? null : form.Token, null, http.RequestAborted) switch
        {
            Result<SimulateResponse>.Done { Value: var said } => Page(http, forms, configuration, form, said),
            Result<SimulateResponse>.Refused { Why: var why } => Page(http, forms, configuration, form, null, why.Errors.IsDefaultOrEmpty ? [new FieldError("", why.Code, why.Message)] : why.Errors, Answers.StatusOf(why.Kind)),
            _ => throw new InvalidOperationException(),
        };
    }

    private static IResult Page(HttpContext http, IAntiforgery forms, Configuration configuration, SimulateForm form, SimulateResponse? said = null, IEnumerable<FieldError>? faults = null, int status = StatusCodes.Status200OK) =>
        ConsolePages.Page<SimulatePage>(http, forms, new()
        {
            ["Form"] = form,
            ["Said"] = said,
            ["Faults"] = (faults ?? []).GroupBy(fault => SimulateForm.FieldOf(fault.Path)).ToDictionary(field => field.Key, field => field.First().Message),
            ["Servers"] = configuration.Servers(http.Requester().Organisation).Where(server => server.Approved is not null && server.State != Lifecycle.Retired).Select(server => server.Name.Value).Order(StringComparer.Ordinal).ToList(),
        }, status);
}
