using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Upstream;

/// <summary>Answers 2026-07-28 requests from ready-made text; only the request's id is put in.</summary>
internal static class MinimalServer
{
    private const string Schema =
        """{"type":"object","properties":{"key":{"type":"string"},"amount":{"type":"integer"},"note":{"type":"string"}},"required":["key"]}""";

    private const string Tools =
        $$"""{"resultType":"complete","ttlMs":0,"cacheScope":"private","tools":[{"name":"lookup","description":"Reads one entry.","inputSchema":{{Schema}}},{"name":"update","description":"Writes one entry.","inputSchema":{{Schema}}}]}""";

    private const string Discover =
        """{"resultType":"complete","ttlMs":0,"cacheScope":"private","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"serverInfo":{"name":"minimal","version":"1"}}""";

    private const string Called =
        """{"resultType":"complete","content":[{"type":"text","text":"The entry is on file, last changed on the second of March, and its amount is twelve thousand three hundred and four, and nothing is due before this quarter ends."}],"isError":false}""";

    private static readonly Answer Call = new(Called), List = new(Tools), Discovery = new(Discover);
    private static int held;

    public static async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Method != "POST")
        {
            if (context.Request.Path == "/held")
            {
                await context.Response.WriteAsync(Volatile.Read(ref held).ToString(CultureInfo.InvariantCulture));
                return;
            }
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }
        var body = await ReadAsync(context);
        var answer = context.Request.Headers["Mcp-Method"].ToString() switch
        {
            "tools/call" => Call,
            "tools/list" => List,
            "server/discover" => Discovery,
            _ => null,
        };
        var reader = context.Request.BodyReader;
        if (answer is null)
        {
            reader.AdvanceTo(body.End);
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(
                """{"jsonrpc":"2.0","id":null,"error":{"code":-32022,"message":"Only 2026-07-28.","data":{"supported":["2026-07-28"],"requested":""}}}""");
            return;
        }
        if (context.Request.Path == "/hold" && ReferenceEquals(answer, Call))
        {
            reader.AdvanceTo(body.End);
            await HoldAsync(context);
            return;
        }
        var sse = context.Request.Path == "/sse";
        context.Response.ContentType = sse ? "text/event-stream" : "application/json";
        if (sse) context.Response.Headers.CacheControl = "no-cache";
        Write(context.Response, answer, Id(body), sse);
        reader.AdvanceTo(body.End);
        await context.Response.BodyWriter.FlushAsync();
    }

    /// <summary>A stream on which nothing comes, until the caller leaves.</summary>
    private static async Task HoldAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync(": open\n\n");
        await context.Response.Body.FlushAsync();
        Interlocked.Increment(ref held);
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        Interlocked.Decrement(ref held);
    }

    private static async ValueTask<ReadOnlySequence<byte>> ReadAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync();
            if (read.IsCompleted) return read.Buffer;
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static void Write(HttpResponse response, Answer answer, ReadOnlySpan<byte> id, bool sse)
    {
        var length = answer.Length(id, sse);
        if (!sse) response.Headers.ContentLength = length;
        answer.Write(response.BodyWriter.GetSpan(length), id, sse);
        response.BodyWriter.Advance(length);
    }

    private static ReadOnlySpan<byte> Id(ReadOnlySequence<byte> body)
    {
        var text = body.IsSingleSegment ? body.FirstSpan : body.ToArray();
        var start = text.IndexOf("\"id\":"u8);
        if (start < 0) return "null"u8;
        var rest = text[(start + 5)..];
        return rest[..rest.IndexOfAny((byte)',', (byte)'}')];
    }
}

/// <summary>A response around an id.</summary>
internal sealed class Answer(string result)
{
    private static ReadOnlySpan<byte> EventStart => "event: message\ndata: "u8;
    private static ReadOnlySpan<byte> EventEnd => "\n\n"u8;
    private static ReadOnlySpan<byte> Start => "{\"jsonrpc\":\"2.0\",\"id\":"u8;
    private readonly byte[] end = System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $",\"result\":{result}}}"));

    public int Length(ReadOnlySpan<byte> id, bool sse) =>
        Start.Length + id.Length + end.Length + (sse ? EventStart.Length + EventEnd.Length : 0);

    public void Write(Span<byte> target, ReadOnlySpan<byte> id, bool sse)
    {
        var at = 0;
        if (sse) Put(target, EventStart, ref at);
        Put(target, Start, ref at);
        Put(target, id, ref at);
        Put(target, end, ref at);
        if (sse) Put(target, EventEnd, ref at);
    }

    private static void Put(Span<byte> target, ReadOnlySpan<byte> part, ref int at)
    {
        part.CopyTo(target[at..]);
        at += part.Length;
    }
}
