using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Admin.Api;

/// <summary>A request's body, read; or the answer that refuses it.</summary>
internal readonly record struct Body<T>(T? Value, IResult? Refusal) where T : class;

/// <summary>
/// Reads JSON bodies: at most 4 MiB, one strict scan over the bytes, then every member against the shape of the request. Unknown
/// members are refused by name, and whose token was ended while the body came is refused as one without.
/// </summary>
internal static class AdminBody
{
    public const int MostBytes = 4 * 1024 * 1024;

    /// <param name="whenEmpty">What an absent body stands for; null where one is required.</param>
    public static async Task<Body<T>> ReadAsync<T>(HttpContext context, T? whenEmpty = null) where T : class
    {
        var (bytes, refusal) = await ReadBytesAsync(context);
        if (refusal is not null) return new(null, refusal);
        // What is done is done in the name of who is an administrator when the body has come.
        if (context.Features.Get<AdminPass>() is { } pass && !await pass.HoldsAsync()) return new(null, AdminGate.Refused);
        if (bytes.Length == 0 && whenEmpty is not null) return new(whenEmpty, null);
        if (!context.Request.HasJsonContentType())
            return new(null, new ProblemAnswer(StatusCodes.Status415UnsupportedMediaType, ReasonCode.MalformedRequest.ToText(), "The body must be application/json."));
        if (StrictBody.FaultOf(bytes.Span) is { } fault) return new(null, Answers.Malformed(fault));
        var type = context.JsonOf<T>();
        try
        {
            using var json = JsonDocument.Parse(bytes);
            var errors = BodyShape.ErrorsOf(json.RootElement, type);
            if (errors.Count > 0) return new(null, Answers.Malformed(errors.Count == 1 ? errors[0].Message : $"{errors.Count} fields cannot be read.", errors));
            return new(json.RootElement.Deserialize(type), null);
        }
        catch (JsonException)
        {
            // The shape fits, so a value is out of its type's range, e.g. 1e400 for a number.
            return new(null, Answers.Malformed("A value is out of range."));
        }
    }

    private static async Task<(ReadOnlyMemory<byte> Bytes, IResult? Refusal)> ReadBytesAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MostBytes;
        if (context.Request.ContentLength > MostBytes) return (default, TooLarge());
        var buffer = new ArrayBufferWriter<byte>();
        var reader = context.Request.BodyReader;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(context.RequestAborted);
                foreach (var segment in read.Buffer) buffer.Write(segment.Span);
                reader.AdvanceTo(read.Buffer.End);
                if (buffer.WrittenCount > MostBytes) return (default, TooLarge());
                if (read.IsCompleted) return (buffer.WrittenMemory, null);
            }
        }
        catch (BadHttpRequestException fault)
        {
            return (default, fault.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLarge() : Answers.Malformed("The body cannot be read."));
        }
    }

    private static ProblemAnswer TooLarge() =>
        new(StatusCodes.Status413PayloadTooLarge, ReasonCode.TooLarge.ToText(), $"A body may have at most {MostBytes} bytes.");
}
