using System.Globalization;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.Changes;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Admin.Console.Forms;

/// <summary>What a form asks with that makes one step in the life of an object. The browser's field <c>version</c> stands for <c>If-Match</c>.</summary>
/// <param name="Action">e.g. <c>suspend</c>.</param>
/// <param name="Reason">Why, for the record; null for nothing.</param>
/// <param name="Expected">The version of the object that the page showed.</param>
internal sealed record StepForm(string Action, string? Reason, long Expected)
{
    /// <param name="confirmation">What has to be typed; null where nothing has.</param>
    /// <returns>The form, or what is wrong with it.</returns>
    public static async Task<(StepForm? Form, FormFault? Fault)> ReadAsync(HttpContext http, string action, string? confirmation)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (!long.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var expected))
            return (null, new FormFault(action, null, "The form does not say what you saw. Load the page again."));
        if (confirmation is not null && !string.Equals(form["confirm"].ToString().Trim(), confirmation, StringComparison.Ordinal))
            return (null, new FormFault(action, "confirm", $"This is not {confirmation}."));
        var reason = form["reason"].ToString().Trim();
        return FaultOf(action, reason) is { } fault ? (null, fault) : (new StepForm(action, reason.Length == 0 ? null : reason, expected), null);
    }

    /// <summary>What is wrong with a reason.</summary>
    public static FormFault? FaultOf(string action, string reason) => reason.Length <= DocumentLimits.Reason ? null
        : new FormFault(action, "reason", $"A reason may have at most {DocumentLimits.Reason} characters; this has {reason.Length}.");

    /// <summary>As the page says it that is shown again.</summary>
    public FormFault Refused(string what, ChangeError why) => new(Action, null, why.Kind == ChangeErrorKind.PreconditionFailed
        ? $"{what} was changed by somebody after you opened this page. This is how it is now; look again before you decide."
        : why.Message);
}
