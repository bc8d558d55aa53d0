using Microsoft.AspNetCore.Http;

namespace Symbolon.AuthorizationServer.Consent;

/// <summary>The pages that a person sees here, drawn by the console. Nothing in them is trusted: every text is encoded.</summary>
public interface IConsentPages
{
    /// <summary>Asks. Cannot be framed; its form may be sent to <see cref="ConsentForm.Path"/> alone, whose answer may lead to the client.</summary>
    IResult Ask(HttpContext http, ConsentQuestion question);

    /// <summary>Says why nothing can be asked, where no answer may go to the client.</summary>
    IResult Stop(HttpContext http, int status, string title, string text);

    /// <summary>Leads on to a client from a page of its own: a browser that follows a form's answers goes no further than the form's page allows.</summary>
    /// <param name="host">Where that is, in words.</param>
    IResult Leave(HttpContext http, string address, string host);
}
