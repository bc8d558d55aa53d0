using Microsoft.AspNetCore.Http;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>What the request of one message of a batch writes as its response: events go out at each flush, a JSON body as one event at the end.</summary>
internal sealed class MemberBody(HttpResponse response, BatchStream batch) : MemoryStream
{
    private bool IsEvents => response.ContentType?.StartsWith("text/event-stream", StringComparison.Ordinal) == true;

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (IsEvents && Length > 0) await batch.WriteEventsAsync(TakeAll(), cancellationToken);
    }

    /// <summary>The request has ended. A status without a body (an accepted notification) has no place in a batch.</summary>
    public async Task EndAsync()
    {
        await FlushAsync(CancellationToken.None);
        if (Length > 0) await batch.WriteMessageAsync(TakeAll(), response.StatusCode);
    }

    /// <summary>Once: what a member could not wait for is not written a second time.</summary>
    private byte[] TakeAll()
    {
        var all = ToArray();
        SetLength(0);
        return all;
    }
}
