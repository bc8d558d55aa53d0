using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Symbolon.Core.Policy;
using Symbolon.Gateway.Mcp;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>The outer form of a request: method, Accept, Content-Type, size, and a body that one strict scan accepts.</summary>
internal sealed class RequestForm(GatewayOptions limits)
{
    private static readonly Reply.Refused NotAllowed = new(
        Refusal.Malformed("This address takes POST, GET and DELETE.") with { Form = RefusalForm.MethodNotAllowed });

    private static readonly Reply.Refused NotAcceptable = new(
        Refusal.Malformed("Accept has to name application/json and text/event-stream; for GET text/event-stream.") with { Form = RefusalForm.NotAcceptable });

    private static readonly Reply.Refused NotJson = new(
        Refusal.Malformed("Content-Type has to be application/json, and there is no Content-Encoding.") with { Form = RefusalForm.UnsupportedMediaType });

    private static readonly Reply.Refused CutOff = new(Refusal.NotJson("The body was cut off."));

    private readonly JsonLimits json = new(limits.MaxDepth, limits.MaxMembers);
    private readonly Reply.Refused tooLarge = new(new Refusal(ReasonCode.TooLarge, $"The body has more than {limits.MaxBodyBytes} bytes."));

    public Reply.Refused? CheckHeaders(Exchange exchange)
    {
        var request = exchange.Http.Request;
        if (exchange.IsPost)
        {
            if (!AcceptHeader.Allows(request.Headers.Accept, "application/json") || !AcceptHeader.Allows(request.Headers.Accept, "text/event-stream"))
                return NotAcceptable;
            if (!AcceptHeader.IsJson(request.ContentType) || request.Headers.ContentEncoding.Count > 0) return NotJson;
            return request.ContentLength > limits.MaxBodyBytes ? tooLarge : null;
        }
        if (HttpMethods.IsGet(request.Method)) return AcceptHeader.Allows(request.Headers.Accept, "text/event-stream") ? null : NotAcceptable;
        return HttpMethods.IsDelete(request.Method) ? null : NotAllowed;
    }

    public async ValueTask<Reply.Refused?> ReadBodyAsync(Exchange exchange)
    {
        if (!exchange.IsPost) return null;
        try
        {
            if (exchange.Http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
            return await ReadAllAsync(exchange)
                ?? (McpRequestReader.Read(exchange.Message, json) is { } refusal ? new Reply.Refused(refusal) : null);
        }
        catch (Exception e) when (e is BadHttpRequestException or IOException)
        {
            return CutOff;
        }
    }

    /// <summary>Under our own bound, not the listener's.</summary>
    private async ValueTask<Reply.Refused?> ReadAllAsync(Exchange exchange)
    {
        var message = exchange.Message;
        var reader = exchange.Http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(exchange.Stop);
            foreach (var segment in read.Buffer)
            {
                if (message.Length + segment.Length > limits.MaxBodyBytes)
                {
                    reader.AdvanceTo(read.Buffer.End);
                    return tooLarge;
                }
                segment.CopyTo(message.Room(segment.Length));
                message.Advance(segment.Length);
            }
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCanceled) return CutOff;
            if (read.IsCompleted) return null;
        }
    }
}
