using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Symbolon.Admin.Api;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;

namespace Symbolon.Admin.Console;

/// <summary>A form comes from a page of ours, or it is refused before anybody reads what it asks for.</summary>
internal sealed class FormGate(IAntiforgery forms, IRefusalLog refusals) : IEndpointFilter
{
    private const long MostBytes = 64 * 1024;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!HttpMethods.IsPost(http.Request.Method)) return await next(context);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = MostBytes;
        if (await IsFromOurPageAsync(http)) return await next(context);
        refusals.Record(OrganisationId.Default, http.Connection.RemoteIpAddress, ReasonCode.BadOrigin);
        return new ProblemAnswer(StatusCodes.Status403Forbidden, ReasonCode.BadOrigin.ToText(), "This form is not from a page of this server, or its page is too old. Load the page again.");
    }

    private async Task<bool> IsFromOurPageAsync(HttpContext http)
    {
        try
        {
            return http.Request.HasFormContentType && await forms.IsRequestValidAsync(http);
        }
        // What cannot be read as a form at all: U+0000, too many or too long fields.
        catch (AntiforgeryValidationException)
        {
            return false;
        }
    }
}
