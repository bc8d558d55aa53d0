using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Forms;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Policies;
using Symbolon.Core.Policy;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.PolicyPages;

internal static class PolicyPageEndpoints
{
    private const int PageSize = 100;

    /// <summary>What a new policy begins with.</summary>
    private const string Draft = """
        apiVersion: symbolon/v1
        kind: Policy
        metadata:
          name: refunds
        spec:
          rules:
            - name: large-refunds
              servers: [payments]
              tools: [refund]
              when: args.amount > 100
              decision: deny
              message: Ask finance.
              mode: observe
          tests: []
        """;

    public static void MapPolicyPages(this RouteGroupBuilder pages)
    {
        pages.MapSimulatePage();
        pages.MapGet(PolicyPageModel.Root, List).WithMetadata(new RouteAccess.Administrator("policies:read"));
        pages.MapGet(PolicyPageModel.New, (HttpContext http, IAntiforgery forms) => NewPage(http, forms, new EditedPolicy(Draft))).WithMetadata(new RouteAccess.Administrator("objects:write"));
        pages.MapPost(PolicyPageModel.New, PolicyFileForm.CreateAsync).WithMetadata(new RouteAccess.Administrator("objects:write"));
        pages.MapGet(PolicyPageModel.Root + "/{name}", ShowAsync).WithMetadata(new RouteAccess.Administrator("policies:read"));
        pages.MapPost(PolicyPageModel.Root + "/{name}/file", PolicyFileForm.ChangeAsync).WithMetadata(new RouteAccess.Administrator("objects:write"));
        pages.MapPost(PolicyPageModel.Root + "/{name}/rollback", PolicyForms.RollBackAsync).WithMetadata(new RouteAccess.Administrator("objects:write"));
        pages.MapPost(PolicyPageModel.Root + "/{name}/retire", PolicyForms.RetireAsync).WithMetadata(new RouteAccess.Administrator("policies:write"));
    }

    public static IResult NewPage(HttpContext http, IAntiforgery forms, EditedPolicy edited, string? refusal = null, int status = StatusCodes.Status200OK) =>
        ConsolePages.Page<NewPolicyPage>(http, forms, new() { ["Edited"] = edited, ["Refusal"] = refusal }, status);

    public static IResult Missing(HttpContext http, IAntiforgery forms) => ConsolePages.Missing(http, forms, "such policy", (PolicyPageModel.Root, "Policies"));

    /// <summary>The page once more, with what is wrong in a form of it.</summary>
    public static async Task<IResult> AgainAsync(HttpContext http, IAntiforgery forms, PolicyPageReader reader, string name, string view, FormFault fault, int status, long? since = null) =>
        await reader.ReadAsync(http.Requester().Organisation, name, view, since, http.RequestAborted) is { } model
            ? ConsolePages.Page<PolicyPage>(http, forms, new() { ["Model"] = model, ["Fault"] = fault }, status)
            : Missing(http, forms);

    private static IResult List(HttpContext http, IAntiforgery forms, Configuration configuration, string? after)
    {
        var found = configuration.Policies(http.Requester().Organisation).Where(policy => after is null || string.CompareOrdinal(policy.Name.Value, after) > 0)
            .OrderBy(policy => policy.Name.Value, StringComparer.Ordinal).Take(PageSize + 1).Select(PolicySummary.Of).ToList();
        return ConsolePages.Page<PoliciesPage>(http, forms, new()
        {
            ["Found"] = found.Take(PageSize).ToList(),
            ["Next"] = found.Count > PageSize ? Addresses.Of(PolicyPageModel.Root, ("after", found[PageSize - 1].Name)) : null,
        });
    }

    private static async Task<IResult> ShowAsync(string name, HttpContext http, IAntiforgery forms, PolicyPageReader reader, string? view, string? since) =>
        await reader.ReadAsync(http.Requester().Organisation, name, view, long.TryParse(since, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null, http.RequestAborted) is { } model
            ? ConsolePages.Page<PolicyPage>(http, forms, new() { ["Model"] = model })
            : Missing(http, forms);
}
