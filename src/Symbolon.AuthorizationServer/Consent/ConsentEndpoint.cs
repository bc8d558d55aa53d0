using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.AuthorizationServer.Login;
using Symbolon.AuthorizationServer.Par;
using Symbolon.AuthorizationServer.Requests;
using Symbolon.Core;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Core.Tools;

namespace Symbolon.AuthorizationServer.Consent;

/// <summary>
/// Asks a person, and takes the answer. The form is sealed, good for ten minutes, one answer, and the browser session that was asked; client, redirect
/// URI and grants are looked at anew when it comes back.
/// </summary>
internal sealed class ConsentEndpoint(
    ConsentDesk desk, ConsentTickets tickets, ClientDirectory clients, RequestCheck check, IPersonSessions sessions, IConsentPages pages, PushedRequests pushed,
    AuthorizationServerOptions options, Freshness freshness, TimeProvider clock)
{
    private const long PerSecond = 1_000_000;

    /// <summary>A tool is a field; a server has at most 10,000.</summary>
    private static readonly FormOptions Limits = new() { ValueCountLimit = 10_100, BufferBodyLengthLimit = 2 * 1024 * 1024, MultipartBodyLengthLimit = 2 * 1024 * 1024 };

    private static readonly OAuthError Denied = OAuthError.AccessDenied("The person said no.");
    private static readonly OAuthError NotNow = OAuthError.TemporarilyUnavailable("It cannot be recorded at this moment; nothing was given.");

    /// <param name="fault">What is wrong with the answer that came; null for a first time.</param>
    public IResult Ask(HttpContext http, AuthorizationRequest request, PersonSession person, ConsentOffer offer, string? fault = null)
    {
        var redirect = request.Answer.RedirectUri;
        return pages.Ask(http, new ConsentQuestion
        {
            Person = person.Person.Value,
            ClientName = request.Client.Name,
            ClientId = request.Client.Id.Value,
            IsVouchedFor = request.Client.IsVouchedFor,
            RedirectHost = RedirectUri.HostOf(redirect),
            IsLocal = RedirectUri.IsLoopback(redirect),
            Server = request.Asked.Resource.Server.Value,
            // What only reads is ticked ahead; all else is the person's own decision, and so is everything once they have answered.
            Tools = [.. offer.Tools.Select(tool => new ConsentTool(tool.Name.Value, tool.Title, tool.Effect.ToText(), [.. tool.Flags.ToTexts()], fault is null && tool.Effect == Effect.Read && !tool.Flags.MustBeNamed()))],
            Features = [.. FeaturesOf(offer).Select(name => new ConsentFeature(name, IsTicked: fault is null))],
            Limits = offer.Limits?.Needs.Select(need => new ConsentLimit(need.Actions, need.Resource.Text)).ToList(),
            Lives = Lives(),
            Fault = fault,
            Ticket = tickets.Seal(person.Organisation, person.Session, request, offer.Limits?.ToString()),
            LeadsTo = RedirectUri.PolicySourceOf(redirect),
        });
    }

    public async Task HandleAsync(HttpContext http) => await (await AnswerAsync(http)).ExecuteAsync(http);

    private async Task<IResult> AnswerAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType) return Stop(http, "This is no answer", "The form of the page is missing.");
        http.Features.Set<IFormFeature>(new FormFeature(http.Request, Limits));
        if (await ReadFormAsync(http) is not { } form) return Stop(http, "This is no answer", "The form of the page is not whole, or larger than any that is asked here.");
        if (!freshness.IsCurrent) return pages.Stop(http, StatusCodes.Status503ServiceUnavailable, "Not at this moment", NotNow.Description);
        var stamp = desk.Stamp();
        var person = await sessions.FindAsync(http, http.RequestAborted);
        if (person is null) return Stop(http, "Your session has ended", "Nothing was given. Go back to the program and begin again.");
        if (tickets.Open(person.Organisation, form[ConsentForm.TicketField]) is not { } ticket || ticket.Session != person.Session)
            return Stop(http, "This question is over", "It was put to another browser session, or more than ten minutes ago. Nothing was given. Go back to the program and begin again.");
        if ((await ReadAsync(ticket, person, http)).Failed(out var why, out var request)) return Stop(http, "This program cannot be answered", why.Description);
        if (form[ConsentForm.AnswerField] != ConsentForm.Allow) return await DenyAsync(http, request, person, ticket);
        if (desk.Offered(request, person).Failed(out var nothing, out var offered))
        {
            await pushed.RefuseAsync(person.Organisation, request);
            return request.Answer.Error(nothing);
        }
        if (offered.Limits?.ToString() != ticket.Limits) return Ask(http, request, person, offered, "What these tools need behind the server has changed since you were asked.");
        var ticked = form[ConsentForm.ToolField].OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (offered.Only(ticked) is not { } chosen) return Ask(http, request, person, offered, "Tick what the program may call, or refuse.");
        return await GiveAsync(http, request, person, ticket, chosen, stamp, LifeOf(form[ConsentForm.LifeField]));
    }

    private static async Task<IFormCollection?> ReadFormAsync(HttpContext http)
    {
        try
        {
            return await http.Request.ReadFormAsync(http.RequestAborted);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private async Task<IResult> GiveAsync(HttpContext http, AuthorizationRequest request, PersonSession person, ConsentTicket ticket, ConsentOffer chosen, long stamp, long life)
    {
        try
        {
            var endsAt = clock.Microseconds() + life * PerSecond;
            return await desk.GiveAsync(request, person, chosen, stamp, endsAt, UseOf(person, ticket), PeerOf(http)) is { } code ? request.Answer.Code(code) : Answered(http);
        }
        catch (StoreUnavailableException)
        {
            return request.Answer.Error(NotNow);
        }
    }

    private async Task<IResult> DenyAsync(HttpContext http, AuthorizationRequest request, PersonSession person, ConsentTicket ticket)
    {
        try
        {
            if (!await desk.RefuseAsync(request, person, UseOf(person, ticket), PeerOf(http))) return Answered(http);
        }
        catch (StoreUnavailableException)
        {
            // Nothing was given, whether that is on record or not.
        }
        return request.Answer.Error(Denied);
    }

    private IResult Answered(HttpContext http) =>
        Stop(http, "This question was answered", "One answer is taken. If the program did not get it, go back to it and begin again.");

    private static ProofUse UseOf(PersonSession person, ConsentTicket ticket) => ProofUse.Of(person.Organisation, "consent form", ticket.Id, ticket.ExpiresAt);

    private async Task<OAuthOutcome<AuthorizationRequest>> ReadAsync(ConsentTicket ticket, PersonSession person, HttpContext http)
    {
        if (OAuthForm.Parse(System.Text.Encoding.UTF8.GetBytes(ticket.Parameters)).Failed(out var why, out var form)) return why;
        if ((await clients.FindAsync(person.Organisation, new ClientId(form[OAuthParameter.ClientId] ?? ""), http.Connection.RemoteIpAddress, http.RequestAborted)).Failed(out why, out var client)) return why;
        if (RequestCheck.RedirectOf(client, form, ticket.Origin).Failed(out why, out var answer) || check.Check(client, form, answer).Failed(out why, out var request)) return why;
        return request with { Pushed = ticket.Pushed is { } hash ? new PushedRequest(hash, client.Id, ticket.Parameters, ticket.ExpiresAt) : null };
    }

    private static IEnumerable<string> FeaturesOf(ConsentOffer offer)
    {
        if (offer.Prompts) yield return ConsentForm.Prompts;
        if (offer.Resources) yield return ConsentForm.Resources;
    }

    private long[] Lives() => [(long)options.RefreshTtl.TotalSeconds, .. new long[] { 8 * 3600, 3600 }.Where(life => life < (long)options.RefreshTtl.TotalSeconds)];

    private long LifeOf(string? text) => Lives().FirstOrDefault(life => life.ToString(System.Globalization.CultureInfo.InvariantCulture) == text, Lives()[^1]);

    private IResult Stop(HttpContext http, string title, string text) => pages.Stop(http, StatusCodes.Status400BadRequest, title, text);

    private static string? PeerOf(HttpContext http) => http.Connection.RemoteIpAddress?.ToString();
}
