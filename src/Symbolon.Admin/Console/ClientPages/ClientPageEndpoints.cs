using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Admin.Api;
using Symbolon.Admin.Console.Consents;
using Symbolon.Admin.Console.Forms;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Admin.OAuthClients;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.ClientPages;

/// <summary>Registered OAuth clients, by the same class as the API.</summary>
internal static class ClientPageEndpoints
{
    public const string Path = "/clients";
    /// <summary>Not below <see cref="Path"/>, where every name is a client's.</summary>
    public const string New = "/register-client";

    private const int AtOnce = 100;

    public static void MapClientPages(this RouteGroupBuilder pages)
    {
        pages.MapGet(Path, (HttpContext http, IAntiforgery forms, Configuration configuration, string? after) => List(http, forms, configuration, after)).WithMetadata(new RouteAccess.Administrator("clients:read"));
        pages.MapGet(New, (HttpContext http, IAntiforgery forms) => NewPage(http, forms, new NewClientForm(), [])).WithMetadata(new RouteAccess.Administrator("clients:write"));
        pages.MapPost(New, RegisterAsync).WithMetadata(new RouteAccess.Administrator("clients:write"));
        pages.MapGet(Path + "/{name}", (string name, HttpContext http, IAntiforgery forms, IConfigurationStore store, ConsentForms consents, TimeProvider clock, string? people) => PageAsync(name, http, forms, store, consents, clock, people)).WithMetadata(new RouteAccess.Administrator("clients:read"));
        foreach (var (action, to) in new[] { ("suspend", Lifecycle.Suspended), ("resume", Lifecycle.Active), ("retire", Lifecycle.Retired) })
            pages.MapPost($"{Path}/{{name}}/{action}", (string name, HttpContext http, IAntiforgery forms, IConfigurationStore store, ClientDesk desk, ConsentForms consents, TimeProvider clock) => MoveAsync(name, action, to, http, forms, store, desk, consents, clock))
                .WithMetadata(new RouteAccess.Administrator("clients:write"));
        foreach (var one in new[] { "", "/{id}" })
            pages.MapPost($"{Path}/{{name}}/authorizations{one}/end", (string name, string? id, HttpContext http, ConsentForms consents) => consents.EndAsync(http, new AuthorizationQuery { Client = new ClientId(name) }, id, PathOf(name)))
                .WithMetadata(new RouteAccess.Administrator("authorizations:write"));
    }

    public static string PathOf(string name) => $"{Path}/{Uri.EscapeDataString(name)}";

    private static IResult List(HttpContext http, IAntiforgery forms, Configuration configuration, string? after)
    {
        var found = configuration.Clients(http.Requester().Organisation).Where(client => after is null || string.CompareOrdinal(client.Name, after) > 0)
            .OrderBy(client => client.Name, StringComparer.Ordinal).Take(AtOnce + 1).Select(client => OAuthClientEndpoints.Shown(client, null)).ToList();
        return ConsolePages.Page<ClientsPage>(http, forms, new()
        {
            ["Found"] = found.Take(AtOnce).ToList(),
            ["Next"] = found.Count > AtOnce ? Addresses.Of(Path, ("after", found[AtOnce - 1].Name)) : null,
        });
    }

    private static IResult NewPage(HttpContext http, IAntiforgery forms, NewClientForm form, IEnumerable<FieldError> faults, int status = StatusCodes.Status200OK) =>
        ConsolePages.Page<NewClientPage>(http, forms, new()
        {
            ["Form"] = form,
            ["Faults"] = faults.GroupBy(fault => fault.Path.Split('[')[0]).ToDictionary(field => field.Key, field => NewClientForm.InWords(field.First())),
        }, status);

    private static async Task<IResult> RegisterAsync(HttpContext http, IAntiforgery forms, ClientDesk desk)
    {
        var form = NewClientForm.Read(await http.Request.ReadFormAsync(http.RequestAborted));
        var (order, fault) = form.ToOrder();
        if (order is null) return NewPage(http, forms, form, [fault!], StatusCodes.Status422UnprocessableEntity);
        return await desk.RegisterAsync(http.Requester(), order, http.RequestAborted) switch
        {
            Result<RegisteredClientResult>.Done { Value: var done } => ConsolePages.Done(http, PathOf(done.Client.Name), new Notice($"Client {done.Client.Name} is registered", "It gets tokens as far as grants allow.")),
            Result<RegisteredClientResult>.Refused { Why: var why } =>
                NewPage(http, forms, form, why.Errors.IsEmpty ? [new FieldError("", why.Code, why.Message)] : why.Errors, Answers.StatusOf(why.Kind)),
            _ => throw new InvalidOperationException(),
        };
    }

    private static async Task<IResult> PageAsync(
        string name, HttpContext http, IAntiforgery forms, IConfigurationStore store, ConsentForms consents, TimeProvider clock, string? after = null, FormFault? fault = null, int status = StatusCodes.Status200OK)
    {
        if (await FindAsync(name, http, store) is not { } client) return ConsolePages.Missing(http, forms, "such client", (Path, "Clients"));
        var (people, next) = await consents.ReadAsync(http.Requester().Organisation, new AuthorizationQuery { Client = new ClientId(name) }, after, http.RequestAborted);
        return ConsolePages.Page<ClientPage>(http, forms, new() { ["Client"] = client, ["People"] = people, ["Next"] = next, ["Now"] = clock.GetUtcNow(), ["Fault"] = fault }, status);
    }

    private static async Task<OAuthClientResponse?> FindAsync(string name, HttpContext http, IConfigurationStore store) =>
        ObjectName.IsValid(name) && await store.FindObjectAsync(http.Requester().Organisation, ClientObject.KeyOf(name), http.RequestAborted) is { Item: ClientObject client, Version: var version }
            ? OAuthClientEndpoints.Shown(client, version) : null;

    private static async Task<IResult> MoveAsync(string name, string action, Lifecycle to, HttpContext http, IAntiforgery forms, IConfigurationStore store, ClientDesk desk, ConsentForms consents, TimeProvider clock)
    {
        if (await FindAsync(name, http, store) is not { } client) return ConsolePages.Missing(http, forms, "such client", (Path, "Clients"));
        var (form, fault) = await StepForm.ReadAsync(http, action, to == Lifecycle.Active ? null : name);
        if (form is not null && form.Expected != client.Version) fault = form.Refused($"Client {name}", ChangeError.Stale(client.Version ?? 0));
        if (form is null || fault is not null) return await PageAsync(name, http, forms, store, consents, clock, null, fault, StatusCodes.Status422UnprocessableEntity);
        return await desk.MoveAsync(http.Requester(), name, action, to, form.Reason, http.RequestAborted) switch
        {
            Result<RegisteredClientResult>.Done => ConsolePages.Done(http, PathOf(name), to switch
            {
                Lifecycle.Suspended => new Notice($"{name} is suspended", "It gets no token until you resume it. Tokens that it has live to their end; revoke the client to end them."),
                Lifecycle.Active => new Notice($"{name} is active again", "It gets tokens again."),
                _ => new Notice($"{name} is retired for good", "Its history stays."),
            }),
            Result<RegisteredClientResult>.Refused { Why: var why } => await PageAsync(name, http, forms, store, consents, clock, null, form.Refused($"Client {name}", why), Answers.StatusOf(why.Kind)),
            _ => throw new InvalidOperationException(),
        };
    }
}
