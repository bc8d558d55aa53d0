using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Tokens;
using Symbolon.AuthorizationServer.PastedTokens;
using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.TokenPages;

/// <summary>Reads what the pages of issuing show.</summary>
internal sealed class IssueDesk(Configuration configuration, TokenIssuer issuer, TimeProvider clock)
{
    private const int MostSuggestions = 200;

    public DateTimeOffset Now => clock.GetUtcNow();

    public IResult Who(HttpContext http, IAntiforgery forms, IssueForm form, Faults faults)
    {
        var organisation = http.Requester().Organisation;
        return ConsolePages.Page<WhoPage>(http, forms, new()
        {
            ["Form"] = form,
            ["Faults"] = faults,
            ["Agents"] = Names(ObjectKind.Agent),
            ["Workflows"] = Names(ObjectKind.Workflow),
            ["ServerCount"] = configuration.Servers(organisation).Count(server => server.Approved is not null),
        }, faults.Any ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);

        List<string> Names(ObjectKind kind) => [.. configuration.Identities(organisation, kind).Where(each => each.State == Lifecycle.Active)
            .Select(each => each.Key.Name).Order(StringComparer.Ordinal).Take(MostSuggestions)];
    }

    /// <summary>Whether the first step names somebody, or somebody who can be created.</summary>
    public Faults WhoFaults(OrganisationId organisation, IssueForm form)
    {
        var main = form.Kind switch { IssueForm.Person => ("user", form.User), IssueForm.ForAgent => ("agent", form.Agent), _ => ("workflow", form.Workflow) };
        if (main.Item2 is null) return Faults.At(main.Item1, main.Item1 == "user" ? "Give the person's e-mail address." : $"Name the {main.Item1}.");
        var (_, errors) = TokenOrders.Read(RequestOf(organisation, form));
        if (errors.Count > 0) return Faults.Of(errors.Where(error => !error.Path.StartsWith("servers", StringComparison.Ordinal)));
        if (form.Owner is not null) return Faults.None;
        var missing = new[] { (Kind: "agent", Name: form.Agent, Key: ObjectKind.Agent), (Kind: "workflow", Name: form.Workflow, Key: ObjectKind.Workflow) }
            .FirstOrDefault(each => each.Name is not null && IsMissing(organisation, each.Key, each.Name));
        return missing.Name is null ? Faults.None : Faults.At("owner", $"There is no {missing.Kind} {missing.Name}. To create it with this token, say who answers for it.");
    }

    /// <summary>The second step as an address of nobody knows whom fills it in: to be read and looked at again, with no grant to create.</summary>
    public IssueView Propose(OrganisationId organisation, IssueForm form) => new(form, ChoicesOf(organisation, form), Faults.None, null, Ceiling(organisation)) { IsProposed = true };

    /// <summary>The second step for somebody who just named the holder: what a start may tick is ticked.</summary>
    public IssueView Begin(OrganisationId organisation, IssueForm form)
    {
        var choices = ChoicesOf(organisation, form);
        // Without a grant there is nothing to begin with, unless servers were named: then they are meant.
        var isNamed = form.Servers is not null || choices.All == 1;
        var isGranted = choices.Servers.Any(server => server.IsGranted);
        form = form with
        {
            Effects = !form.Effects.IsEmpty || !form.Tools.IsEmpty ? form.Effects : form.StartsReadOnly ? choices.ReadOnly(isNamed && !isGranted) : [],
            Grant = isGranted ? null : FreeGrantName(organisation, form),
        };
        return form.Effects.IsEmpty && form.Tools.IsEmpty ? new IssueView(form, choices, Faults.None, null, Ceiling(organisation)) : Review(organisation, form);
    }

    /// <summary>The second step with what was ticked, in words if it can be issued.</summary>
    public IssueView Review(OrganisationId organisation, IssueForm form)
    {
        var choices = ChoicesOf(organisation, form);
        var request = RequestOf(organisation, form);
        var view = new IssueView(form, choices, Faults.None, null, Ceiling(organisation));
        var (order, errors) = TokenOrders.Read(request);
        if (order is null) return view with { Faults = Faults.Of(errors) };
        view = view with { Order = order, OrderId = IssueSummary.OrderOf(request) };
        return issuer.Look(organisation, order) switch
        {
            Result<IssuePlan>.Done { Value: var plan } => view with { Summary = IssueSummary.Of(request, choices, plan, Now) },
            Result<IssuePlan>.Refused { Why: var why } => view with { Faults = Faults.Of(why) },
            _ => throw new InvalidOperationException(),
        };
    }

    private TokenChoices ChoicesOf(OrganisationId organisation, IssueForm form)
    {
        var holder = new Holder
        {
            User = UserEmail.TryParse(form.User, out var user) ? user : null,
            Agent = form.Agent is { } agent ? new AgentName(agent) : null,
            Workflow = form.Workflow is { } workflow ? new WorkflowName(workflow) : null,
        };
        return TokenChoices.Of(configuration, organisation, holder, form.Servers, clock.Microseconds());
    }

    private IssueTokenRequest RequestOf(OrganisationId organisation, IssueForm form) => form.ToRequest(
        form.Agent is { } agent && IsMissing(organisation, ObjectKind.Agent, agent), form.Workflow is { } workflow && IsMissing(organisation, ObjectKind.Workflow, workflow));

    private bool IsMissing(OrganisationId organisation, ObjectKind kind, string name) => configuration.Identity(organisation, new ObjectKey(kind, name)) is null;

    private string FreeGrantName(OrganisationId organisation, IssueForm form)
    {
        var holder = form.Workflow ?? form.Agent ?? form.User!;
        var name = new string([.. holder.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' ? c : '-').SkipWhile(c => !char.IsAsciiLetterOrDigit(c)).Take(50)]) + "-access";
        var free = name;
        for (var number = 2; configuration.Grant(organisation, new GrantName(free)) is not null; number++) free = $"{name}-{number}";
        return free;
    }

    private long Ceiling(OrganisationId organisation) => configuration.Organisation(organisation).MaxTokenTtlSeconds;
}
