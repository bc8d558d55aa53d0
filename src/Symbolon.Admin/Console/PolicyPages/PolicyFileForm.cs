using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Forms;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Admin.Policies;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Registry.Apply;
using Symbolon.Registry.Changes;

namespace Symbolon.Admin.Console.PolicyPages;

/// <summary>The text of a policy, planned or applied by the same way as files.</summary>
internal static class PolicyFileForm
{
    private const string Action = "file";

    public static async Task<IResult> CreateAsync(HttpContext http, IAntiforgery forms, DocumentApplier applier, Core.Snapshot.Configuration configuration)
    {
        var form = await ReadAsync(http);
        var text = PolicyText.Read(form.Edited.Text, expected: null);
        // A page that makes a policy must not change one of which its reader sees nothing.
        if (text.Errors.Count == 0 && text.Policy is { } named && configuration.Policy(http.Requester().Organisation, named) is not null)
            return PolicyPageEndpoints.NewPage(http, forms, form.Edited, $"There is a policy {named} already. Its own page changes it.", StatusCodes.Status409Conflict);
        var (edited, refusal, done) = await TryAsync(http, applier, form, text);
        return done is null
            ? PolicyPageEndpoints.NewPage(http, forms, edited, refusal, StatusOf(edited, refusal))
            : ConsolePages.Done(http, PolicyPageModel.PathOf(done.Key.Name), new Notice($"Policy {done.Key.Name} decides from now on", "Rules in mode observe are recorded and refuse nothing."));
    }

    public static async Task<IResult> ChangeAsync(string name, HttpContext http, IAntiforgery forms, DocumentApplier applier, PolicyPageReader reader)
    {
        if (await reader.ReadAsync(http.Requester().Organisation, name, PolicyPageModel.FileView, null, http.RequestAborted) is not { } model) return PolicyPageEndpoints.Missing(http, forms);
        var form = await ReadAsync(http);
        if (form.Expected != model.Policy.Version)
            return Again(form.Edited, "It was changed by somebody after you opened this page, or the store cannot be asked. Below is your text; look at how the policy is now before you apply it.", StatusCodes.Status412PreconditionFailed);
        var (edited, refusal, done) = await TryAsync(http, applier, form, PolicyText.Read(form.Edited.Text, new PolicyName(name)));
        return done is null ? Again(edited, refusal, StatusOf(edited, refusal)) : ConsolePages.Done(http, PolicyPageModel.PathOf(name), done.Action == ApplyAction.Unchanged
            ? new Notice("Nothing was changed", $"{name} says that already.")
            : new Notice($"Policy {name} is changed", "It decides the next call."));

        IResult Again(EditedPolicy edited, string? refusal, int status) => ConsolePages.Page<PolicyPage>(http, forms,
            new() { ["Model"] = model with { Edited = edited }, ["Fault"] = refusal is null ? null : new FormFault(Action, null, refusal) }, status);
    }

    private static int StatusOf(EditedPolicy edited, string? refusal) => edited.Errors.Count > 0 || refusal is not null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;

    /// <returns>The text with what is wrong with it or would change; or why all of it is refused; or what was applied.</returns>
    private static async Task<(EditedPolicy Edited, string? Refusal, AppliedDocument? Done)> TryAsync(HttpContext http, DocumentApplier applier, SentFile form, PolicyText text)
    {
        if (StepForm.FaultOf(Action, form.Edited.Reason) is { } fault) return (form.Edited, fault.Message, null);
        if (text.Errors.Count > 0) return (form.Edited with { Errors = text.Errors }, null, null);
        var order = new ApplyOrder(IsDryRun: !form.Applies, Reason: form.Edited.Reason.Length == 0 ? null : form.Edited.Reason);
        switch (await applier.ApplyAsync(http.Requester(), [text.Json], order, http.RequestAborted))
        {
            case Result<ImmutableArray<AppliedDocument>>.Done { Value: [var done] } when form.Applies: return (form.Edited, null, done);
            case Result<ImmutableArray<AppliedDocument>>.Done { Value: [var planned] }:
                return (form.Edited with
                {
                    Plan = new PlannedPolicy(planned.Action.ToString().ToLowerInvariant(), [.. planned.Changes.Select(change => new FieldChangeResponse(change.Path, change.Before, change.After))]),
                }, null, null);
            case Result<ImmutableArray<AppliedDocument>>.Refused { Why: { Errors.IsEmpty: false } why }: return (form.Edited with { Errors = text.PlacesOf(why.Errors) }, null, null);
            case Result<ImmutableArray<AppliedDocument>>.Refused { Why: var why }: return (form.Edited, why.Message, null);
            default: throw new InvalidOperationException();
        }
    }

    private static async Task<SentFile> ReadAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        // A browser sends the ends of lines as CR LF.
        var edited = new EditedPolicy(form["text"].ToString().ReplaceLineEndings("\n")) { Reason = form["reason"].ToString().Trim() };
        return new SentFile(edited, form["do"] == "apply", long.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null);
    }

    /// <param name="Expected">The version of the policy that the page showed.</param>
    private sealed record SentFile(EditedPolicy Edited, bool Applies, long? Expected);
}
