using System.Net;

namespace Symbolon.ConformanceTests;

/// <summary>A body that goes out only when the server has read the headers and what the test does meanwhile is done.</summary>
internal sealed class LateContent : HttpContent
{
    private readonly HttpContent content;
    private readonly Func<Task> meanwhile;

    public LateContent(HttpContent content, Func<Task> meanwhile)
    {
        (this.content, this.meanwhile) = (content, meanwhile);
        Headers.ContentType = content.Headers.ContentType;
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await meanwhile();
        await content.CopyToAsync(stream);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = content.Headers.ContentLength ?? 0;
        return true;
    }
}
