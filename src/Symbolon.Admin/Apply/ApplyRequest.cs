using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Api;
using Symbolon.Core.Changes;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Registry.Reviews;

namespace Symbolon.Admin.Apply;

/// <summary>Documents in the form of the files, as JSON; all are applied, or none.</summary>
public sealed record ApplyRequest
{
    /// <summary>1 to 500.</summary>
    public required IReadOnlyList<JsonElement> Documents { get; init; }

    /// <summary>Say what would happen and change nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Where the files came from.</summary>
    public SourceRequest? Source { get; init; }

    /// <summary>Why, for the record; at most 1024 characters.</summary>
    public string? Reason { get; init; }
}

/// <summary>The commit of the files, for reviewers and the history; nobody checks it.</summary>
public sealed record SourceRequest
{
    /// <summary>Its name, at most 128 characters of letters, digits, <c>.</c>, <c>_</c>, <c>-</c> and <c>/</c>.</summary>
    public string? Commit { get; init; }

    /// <summary>Who wrote it, at most 256 characters.</summary>
    public string? Author { get; init; }

    internal static IResult? Refuse(SourceRequest? request, out SourceCommit? source)
    {
        source = request is { Commit: null, Author: null } or null ? null : new SourceCommit(request.Commit, request.Author);
        if (request?.Commit is { } commit && (commit.Length is 0 or > 128 || !commit.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' or '/')))
            return Answers.Problem(ChangeError.Invalid("source.commit", FieldErrorCode.BadValue, "source.commit must have 1 to 128 letters, digits, '.', '_', '-' and '/'."));
        return request?.Author is { } author && (author.Length is 0 or > 256 || author.Any(char.IsControl))
            ? Answers.Problem(ChangeError.Invalid("source.author", FieldErrorCode.BadValue, "source.author must have 1 to 256 characters, no control characters."))
            : null;
    }
}
