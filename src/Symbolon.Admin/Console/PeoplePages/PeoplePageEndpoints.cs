using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Consents;
using Symbolon.Admin.Console.Layout;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Identities;

namespace Symbolon.Admin.Console.PeoplePages;

internal static class PeoplePageEndpoints
{
    public static void MapPeoplePages(this RouteGroupBuilder pages)
    {
        pages.MapGet("/people", ListAsync).WithMetadata(new RouteAccess.Administrator("users:read"));
        pages.MapGet(AccountForms.New, (HttpContext http, AccountForms accounts) => accounts.Blank(http)).WithMetadata(new RouteAccess.Administrator("users:write"));
        pages.MapPost(AccountForms.New, (HttpContext http, AccountForms accounts) => accounts.AddAsync(http)).WithMetadata(new RouteAccess.Administrator("users:write"));
        MapAccount(pages, "suspend", (accounts, http, address) => accounts.SuspendAsync(http, address));
        MapAccount(pages, "resume", (accounts, http, address) => accounts.ResumeAsync(http, address));
        MapAccount(pages, "reset", (accounts, http, address) => accounts.ResetAsync(http, address));
        MapAccount(pages, "role", (accounts, http, address) => accounts.SetRoleAsync(http, address));
        Map(pages, HolderKind.User, "users", "{name}");
        Map(pages, HolderKind.Agent, "agents", "{name}");
        Map(pages, HolderKind.Workflow, "workflows", "{name}");
        foreach (var one in new[] { "", "/{id}" })
            pages.MapPost($"/people/users/{{name}}/authorizations{one}/end", (string name, string? id, HttpContext http, ConsentForms consents, IAntiforgery forms) => EndAsync(http, consents, forms, PersonRow.NameOf(name), id))
                .WithMetadata(new RouteAccess.Administrator("authorizations:write"));
        MapSteps(pages, HolderKind.Agent, "agents");
        MapSteps(pages, HolderKind.Workflow, "workflows");
    }

    private static void Map(RouteGroupBuilder pages, HolderKind kind, string route, string name)
    {
        pages.MapGet($"/people/{route}/{name}", (string name, HttpContext http, IAntiforgery forms, PersonPageReader reader, string? grants, string? tokens, string? clients) =>
                ShowAsync(kind, PersonRow.NameOf(name), http, forms, reader, grants, tokens, clients))
            .WithMetadata(new RouteAccess.Administrator($"{route}:read"));
        pages.MapPost($"/people/{route}/{name}/revoke", (string name, HttpContext http, PersonForms desk) => desk.RevokeAsync(http, kind, PersonRow.NameOf(name)))
            .WithMetadata(new RouteAccess.Administrator("tokens:write"));
    }

    private static void MapAccount(RouteGroupBuilder pages, string step, Func<AccountForms, HttpContext, string, Task<IResult>> work) =>
        pages.MapPost($"/people/users/{{name}}/{step}", (string name, HttpContext http, AccountForms accounts) => work(accounts, http, PersonRow.NameOf(name)))
            .WithMetadata(new RouteAccess.Administrator("users:write"));

    private static void MapSteps(RouteGroupBuilder pages, HolderKind kind, string route)
    {
        foreach (var step in new[] { LifecycleStep.Suspend, LifecycleStep.Resume, LifecycleStep.Retire })
            pages.MapPost($"/people/{route}/{{name}}/{step.Action}", (string name, HttpContext http, PersonForms desk) => desk.MoveAsync(http, kind, name, step))
                .WithMetadata(new RouteAccess.Administrator($"{route}:write"));
    }

    private static async Task<IResult> ListAsync(HttpContext http, IAntiforgery forms, PeopleListing listing, TimeProvider clock, string? q, string? kind, string? after)
    {
        var filter = PeopleFilter.Read(q, kind, after);
        var found = await listing.ReadAsync(http.Requester().Organisation, filter, http.RequestAborted);
        return ConsolePages.Page<PeoplePage>(http, forms, new() { ["Found"] = found, ["Filter"] = filter, ["Now"] = clock.GetUtcNow() });
    }

    private static async Task<IResult> ShowAsync(HolderKind kind, string name, HttpContext http, IAntiforgery forms, PersonPageReader reader, string? grants, string? tokens, string? clients) =>
        await reader.ReadAsync(http.Requester().Organisation, kind, name, grants, tokens, http.RequestAborted, clients) is { } model
            ? ConsolePages.Page<PersonPage>(http, forms, new() { ["Model"] = model })
            : Missing(http, forms, kind);

    private static async Task<IResult> EndAsync(HttpContext http, ConsentForms consents, IAntiforgery forms, string name, string? id) =>
        UserEmail.TryParse(name, out var person) ? await consents.EndAsync(http, new AuthorizationQuery { User = person }, id, PersonRow.PathOf(HolderKind.User, person.Value)) : Missing(http, forms, HolderKind.User);

    public static IResult Missing(HttpContext http, IAntiforgery forms, HolderKind kind) =>
        ConsolePages.Missing(http, forms, kind switch { HolderKind.User => "such person", HolderKind.Agent => "such agent", _ => "such workflow" }, ("/people", "People and agents"));
}
