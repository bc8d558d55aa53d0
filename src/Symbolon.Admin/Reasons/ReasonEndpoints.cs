using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Admin.Reasons;

/// <summary>What the pages of reason codes say, for programs.</summary>
internal static class ReasonEndpoints
{
    public static void MapReasonCodes(this RouteGroupBuilder api)
    {
        api.MapGet("/reasons", List).Describe("ListReasons", "reasons:read", "Every reason code, with what it means and what would change the answer.").Produces<ReasonResponse[]>();
        api.MapGet("/reasons/{code}", Show).Describe("GetReason", "reasons:read", "One reason code.").Produces<ReasonResponse>();
    }

    private static IResult List(HttpContext context) => Answers.Json(context, Enum.GetValues<ReasonCode>().Select(ReasonResponse.Of).ToArray());

    private static IResult Show(string code, HttpContext context) =>
        ReasonCodes.TryParse(code, out var known) ? Answers.Json(context, ReasonResponse.Of(known)) : Answers.NotFound($"reason code {TextRules.Shown(code)}");
}
