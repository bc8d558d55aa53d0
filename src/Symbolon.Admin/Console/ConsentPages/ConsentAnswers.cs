using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Console.Forms;
using Symbolon.Admin.Console.Layout;
using Symbolon.AuthorizationServer.Consent;

namespace Symbolon.Admin.Console.ConsentPages;

/// <summary>Draws the authorization server's pages in the console's manner. Their form is the authorization server's own, sealed by it.</summary>
internal sealed class ConsentAnswers : IConsentPages
{
    public IResult Ask(HttpContext http, ConsentQuestion question) => ConsolePages.Apart<ConsentPage>(
        http, new FormToken(ConsentForm.TicketField, question.Ticket), new() { ["Question"] = question },
        question.Fault is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest, question.LeadsTo);

    public IResult Stop(HttpContext http, int status, string title, string text) => ConsolePages.Apart<StopPage>(
        http, new FormToken("", ""), new() { ["Title"] = title, ["Text"] = text }, status);

    public IResult Leave(HttpContext http, string address, string host)
    {
        http.Response.Headers["Refresh"] = $"0; url={address}";
        return ConsolePages.Apart<LeavePage>(http, new FormToken("", ""), new() { ["Address"] = address, ["Host"] = host }, StatusCodes.Status200OK);
    }
}
