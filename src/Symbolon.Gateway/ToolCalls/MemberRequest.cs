using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>One message of a batch as a request of its own: the batch's connection, address and headers, the message's body.</summary>
internal static class MemberRequest
{
    /// <param name="batch">The request that brought the batch.</param>
    /// <param name="member">Body and response of the one that is made.</param>
    public static HttpContext Of(HttpContext batch, byte[] message, BatchStream answers, out MemberBody member)
    {
        // What is not set here is the batch's own: connection, route and services.
        var features = new FeatureCollection(batch.Features);
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Protocol = batch.Request.Protocol,
            Scheme = batch.Request.Scheme,
            Method = batch.Request.Method,
            PathBase = batch.Request.PathBase.Value ?? "",
            Path = batch.Request.Path.Value ?? "",
            QueryString = batch.Request.QueryString.Value ?? "",
            Headers = batch.Request.Headers,
            Body = new MemoryStream(message, writable: false),
        });
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        // Its client leaves with the batch's; that it is given up itself is nothing to the others.
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature { RequestAborted = batch.RequestAborted });
        var http = new DefaultHttpContext(features);
        features.Set<IRequestBodyPipeFeature>(new RequestBodyPipeFeature(http));
        member = new MemberBody(http.Response, answers);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(member));
        return http;
    }
}
