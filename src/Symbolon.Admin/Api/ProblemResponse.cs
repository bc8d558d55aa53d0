namespace Symbolon.Admin.Api;

/// <summary>An error in the form of RFC 9457.</summary>
public sealed record ProblemResponse
{
    public string Type { get; init; } = "about:blank";
    public required string Title { get; init; }
    public required int Status { get; init; }
    public required string Detail { get; init; }

    /// <summary>Stable, <c>snake_case</c>.</summary>
    public required string Code { get; init; }

    /// <summary>One for each field that is wrong.</summary>
    public IReadOnlyList<FieldErrorResponse>? Errors { get; init; }
}

/// <param name="Path">Where, e.g. <c>documents[0].spec.tools[3].effect</c>.</param>
/// <param name="Code">Stable, <c>snake_case</c>.</param>
/// <param name="Message">Names the field and the limit.</param>
public sealed record FieldErrorResponse(string Path, string Code, string Message);
