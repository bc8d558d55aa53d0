using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Forms;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Keys;
using Symbolon.Admin.Webhooks;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.SettingsPages;

/// <summary>The page of settings as it is now, also where a form of it comes back.</summary>
internal sealed class SettingsPageReader(IAntiforgery forms, Configuration configuration, WebhookDesk webhook, TimeProvider clock)
{
    /// <param name="chosen">The key that the form named, where it comes back.</param>
    public async Task<IResult> AnswerAsync(HttpContext http, FormFault? fault = null, int status = StatusCodes.Status200OK, string? chosen = null)
    {
        var organisation = http.Requester().Organisation;
        return ConsolePages.Page<SettingsPage>(http, forms, new()
        {
            ["Keys"] = KeyEndpoints.ListOf(configuration, organisation, clock),
            ["Webhook"] = await webhook.ShowAsync(organisation, http.RequestAborted),
            ["Now"] = clock.GetUtcNow(), ["Fault"] = fault, ["Chosen"] = chosen,
        }, status);
    }
}
