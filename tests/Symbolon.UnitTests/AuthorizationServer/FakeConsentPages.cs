using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.Consent;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>Keeps what was asked, and answers with the sealed form alone.</summary>
internal sealed class FakeConsentPages : IConsentPages
{
    public ConsentQuestion? Asked { get; private set; }

    public IResult Ask(HttpContext http, ConsentQuestion question)
    {
        Asked = question;
        return Results.Text(question.Ticket, statusCode: question.Fault is null ? 200 : 400);
    }

    public IResult Stop(HttpContext http, int status, string title, string text) => Results.Text($"{title}: {text}", statusCode: status);

    public IResult Leave(HttpContext http, string address, string host) => Results.Text($"on to {address}");
}
