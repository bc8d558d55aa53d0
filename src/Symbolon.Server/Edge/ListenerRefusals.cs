using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;

namespace Symbolon.Server.Edge;

/// <summary>
/// Counts the requests that Kestrel itself refuses, which no middleware sees: broken HTTP, headers over the limit, a request that never
/// becomes whole. Kestrel tells its source of diagnostics and answers with a status alone.
/// </summary>
internal sealed class ListenerRefusals(IServiceProvider services) : DiagnosticSource
{
    private const string BadRequest = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    public override bool IsEnabled(string name) => name == BadRequest;

    [RequiresUnreferencedCode("As the base says; what is written here is read through its interface.")]
    public override void Write(string name, object? value)
    {
        if (name != BadRequest || value is not IFeatureCollection features) return;
        var status = (features.Get<IBadRequestExceptionFeature>()?.Error as BadHttpRequestException)?.StatusCode;
        var code = status is StatusCodes.Status413PayloadTooLarge or StatusCodes.Status414UriTooLong or StatusCodes.Status431RequestHeaderFieldsTooLarge
            ? ReasonCode.TooLarge : ReasonCode.MalformedRequest;
        // Asked for when there is one to count: the listener is made before the store is open.
        services.GetRequiredService<IRefusalLog>().Record(OrganisationId.Default, features.Get<IHttpConnectionFeature>()?.RemoteIpAddress, code);
    }
}
