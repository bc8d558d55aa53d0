using Microsoft.AspNetCore.Http;

namespace Symbolon.Admin.Api;

/// <summary>What a step in the life of an object is asked with.</summary>
/// <param name="Reason">Why, for the record.</param>
/// <param name="Expected">The version that the caller saw (<c>If-Match</c>), or null.</param>
internal readonly record struct StepOrder(string? Reason, long? Expected)
{
    /// <returns>The order from body and header, or the answer that refuses it.</returns>
    public static async Task<(StepOrder Order, IResult? Refusal)> ReadAsync(HttpContext context)
    {
        var body = await AdminBody.ReadAsync<ReasonRequest>(context, new ReasonRequest());
        return body.Value is { } request ? Of(context, request.Reason) : (default, body.Refusal);
    }

    /// <inheritdoc cref="ReadAsync"/>
    /// <param name="reason">From a body that has more than a reason.</param>
    public static (StepOrder Order, IResult? Refusal) Of(HttpContext context, string? reason)
    {
        if (ReasonText.Refuse(reason) is { } refusal) return (default, refusal);
        return IfMatch.TryRead(context, out var expected) ? (new StepOrder(reason, expected), null) : (default, IfMatch.Refused());
    }

    /// <summary>For what has no version: a token.</summary>
    public static async Task<(string? Reason, IResult? Refusal)> ReadReasonAsync(HttpContext context)
    {
        var body = await AdminBody.ReadAsync<ReasonRequest>(context, new ReasonRequest());
        return body.Value is { } request ? (request.Reason, ReasonText.Refuse(request.Reason)) : (null, body.Refusal);
    }
}
