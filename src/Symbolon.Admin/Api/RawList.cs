using Microsoft.AspNetCore.Http;

namespace Symbolon.Admin.Api;

/// <summary>A JSON list of texts that are JSON already, written as they are.</summary>
internal sealed class RawList(IEnumerable<ReadOnlyMemory<byte>> items) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        var body = httpContext.Response.BodyWriter;
        var separator = "["u8.ToArray();
        foreach (var item in items)
        {
            await body.WriteAsync(separator, httpContext.RequestAborted);
            await body.WriteAsync(item, httpContext.RequestAborted);
            separator = ","u8.ToArray();
        }
        await body.WriteAsync((separator[0] == (byte)'[' ? "[]"u8 : "]"u8).ToArray(), httpContext.RequestAborted);
    }
}
