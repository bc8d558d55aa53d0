using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Admin.Console.SignIn;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;

namespace Symbolon.Admin.Console;

/// <summary>A form comes from a page of ours, or it is refused before anybody reads what it asks for. Who is refused gets a page: forms are sent by browsers.</summary>
internal sealed class FormGate(ConsoleSessions sessions, IAntiforgery forms, IRefusalLog refusals) : IEndpointFilter
{
    private const int MostBytes = 512 * 1024;

    /// <summary>A matrix has a field for each tool.</summary>
    private const int MostFields = 10_000;

    private static readonly FormOptions Limits = new() { ValueCountLimit = MostFields, BufferBodyLengthLimit = MostBytes, MultipartBodyLengthLimit = MostBytes };

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!HttpMethods.IsPost(http.Request.Method)) return await next(context);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = MostBytes;
        http.Features.Set<IFormFeature>(new FormFeature(http.Request, Limits));
        if (await FaultAsync(http) is var (status, code, why)) return Refuse(http, status, code, why);
        // A body can take minutes to come. What is done is done in the name of a session that lives then.
        if (http.Features.Get<ConsoleSession>() is { } session && !await sessions.IsStillAsync(session, http.RequestAborted))
        {
            refusals.Record(OrganisationId.Default, http.Connection.RemoteIpAddress, ReasonCode.Unauthenticated);
            return SignInAnswer.Ended(http, forms);
        }
        return await next(context);
    }

    private IResult Refuse(HttpContext http, int status, ReasonCode code, string why)
    {
        refusals.Record(OrganisationId.Default, http.Connection.RemoteIpAddress, code);
        if (http.Features.Get<ConsoleSession>() is null) return SignInAnswer.Page(http, forms, status, why);
        return ConsolePages.Page<PlainPage>(http, forms, new() { ["Title"] = "Nothing was changed", ["Text"] = $"{why} ({code.ToText()})" }, status);
    }

    private async Task<(int Status, ReasonCode Code, string Why)?> FaultAsync(HttpContext http)
    {
        try
        {
            if (!http.Request.HasFormContentType) return Foreign;
            await http.Request.ReadFormAsync(http.RequestAborted);
            return await forms.IsRequestValidAsync(http) ? null : Foreign;
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (e.StatusCode, ReasonCode.TooLarge, "A form may have at most 512 KiB, and this one has more.");
        }
        catch (InvalidDataException)
        {
            return (StatusCodes.Status400BadRequest, ReasonCode.MalformedRequest, "A form may have at most 10,000 fields, none of them with U+0000; this one has more, or such a field.");
        }
        catch (AntiforgeryValidationException)
        {
            return Foreign;
        }
    }

    private static (int Status, ReasonCode Code, string Why) Foreign =>
        (StatusCodes.Status403Forbidden, ReasonCode.BadOrigin, "This form is not from a page of this server, or its page is too old. Load the page again.");
}
