using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Symbolon.Core.Changes;
using Symbolon.Core.Policy;

namespace Symbolon.Admin.Api;

/// <summary>The one place where outcomes become HTTP.</summary>
internal static class Answers
{
    public const string ProblemType = "application/problem+json";

    public static IResult Json<T>(HttpContext context, T value, int status = StatusCodes.Status200OK) =>
        TypedResults.Json(value, context.JsonOf<T>(), statusCode: status);

    /// <summary>An object with its version as strong <c>ETag</c>.</summary>
    public static IResult Versioned<T>(HttpContext context, T value, long? version, int status = StatusCodes.Status200OK)
    {
        if (version is { } number) context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{number}\"");
        return Json(context, value, status);
    }

    public static IResult Of<T>(Result<T> result, Func<T, IResult> done) => result switch
    {
        Result<T>.Done found => done(found.Value),
        Result<T>.Refused refused => Problem(refused.Why),
        _ => throw new InvalidOperationException(),
    };

    public static IResult Problem(ChangeError refusal) => new ProblemAnswer(StatusOf(refusal.Kind), refusal.Code, refusal.Message)
    {
        IsRecorded = refusal.IsRecorded,
        Errors = refusal.Errors.IsDefaultOrEmpty ? null : [.. refusal.Errors.Select(error => new FieldErrorResponse(error.Path, error.Code, error.Message))],
    };

    public static IResult NotFound(string what) => Problem(ChangeError.NotFound(what));

    /// <summary>The request cannot be read at all.</summary>
    public static IResult Malformed(string detail, IReadOnlyList<FieldErrorResponse>? errors = null) =>
        new ProblemAnswer(StatusCodes.Status400BadRequest, ReasonCode.MalformedRequest.ToText(), detail) { Errors = errors };

    public static int StatusOf(ChangeErrorKind kind) => kind switch
    {
        ChangeErrorKind.Invalid => StatusCodes.Status422UnprocessableEntity,
        ChangeErrorKind.NotFound => StatusCodes.Status404NotFound,
        ChangeErrorKind.Conflict => StatusCodes.Status409Conflict,
        ChangeErrorKind.PreconditionFailed => StatusCodes.Status412PreconditionFailed,
        ChangeErrorKind.NotGranted => StatusCodes.Status403Forbidden,
        ChangeErrorKind.NotDurable => StatusCodes.Status503ServiceUnavailable,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}

/// <summary>Writes one <see cref="ProblemResponse"/>.</summary>
internal sealed class ProblemAnswer(int status, string code, string detail) : IResult
{
    public int Status => status;

    public string Code => code;

    public IReadOnlyList<FieldErrorResponse>? Errors { get; init; }

    /// <summary>The refused change is in the audit already.</summary>
    public bool IsRecorded { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (status == StatusCodes.Status503ServiceUnavailable) httpContext.Response.Headers.RetryAfter = "1";
        if (status == StatusCodes.Status401Unauthorized) httpContext.Response.Headers.WWWAuthenticate = "Bearer realm=\"symbolon-admin\"";
        httpContext.Response.StatusCode = status;
        var problem = new ProblemResponse
        {
            Title = ReasonPhrases.GetReasonPhrase(status),
            Status = status,
            Detail = detail,
            Code = code,
            Errors = Errors,
        };
        return httpContext.Response.WriteAsJsonAsync(problem, httpContext.JsonOf<ProblemResponse>(), Answers.ProblemType, httpContext.RequestAborted);
    }
}
