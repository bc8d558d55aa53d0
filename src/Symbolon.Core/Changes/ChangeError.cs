using System.Collections.Immutable;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Core.Changes;

/// <summary>The families of refused change, without words of HTTP. The admin API maps each to one status.</summary>
public enum ChangeErrorKind
{
    /// <summary>The request itself cannot be accepted; <see cref="ChangeError.Errors"/> names fields where it can.</summary>
    Invalid,

    NotFound,

    /// <summary>The object is not in a state that allows it, or another change came first.</summary>
    Conflict,

    /// <summary>The caller named a version that is not the present one.</summary>
    PreconditionFailed,

    /// <summary>Beyond what the grants allow.</summary>
    NotGranted,

    /// <summary>The store cannot be written; nothing is stored.</summary>
    NotDurable,
}

/// <summary>Why a change was not made.</summary>
/// <param name="Code">Stable, <c>snake_case</c>.</param>
/// <param name="Message">For people; names the field and the limit, never a secret.</param>
public sealed record ChangeError(ChangeErrorKind Kind, string Code, string Message)
{
    public ImmutableArray<FieldError> Errors { get; init; } = [];

    /// <summary>It is in the audit already.</summary>
    public bool IsRecorded { get; init; }

    public static ChangeError Invalid(IEnumerable<FieldError> errors)
    {
        ImmutableArray<FieldError> all = [.. errors];
        return new ChangeError(ChangeErrorKind.Invalid, "invalid", all.Length == 1 ? all[0].Message : $"{all.Length} fields are not acceptable.") { Errors = all };
    }

    public static ChangeError Invalid(string path, string code, string message) => Invalid([new FieldError(path, code, message)]);

    public static ChangeError NotFound(string what) => new(ChangeErrorKind.NotFound, "not_found", $"There is no {what}.");

    public static ChangeError Conflict(string code, string message) => new(ChangeErrorKind.Conflict, code, message);

    public static ChangeError Stale(long present) =>
        new(ChangeErrorKind.PreconditionFailed, "precondition_failed", $"The present version is {present}; read it again before changing it.");

    /// <summary>What the store found is not what this change was made from.</summary>
    public static ChangeError ChangedMeanwhile(string what) => Conflict("conflict", $"{what} was changed by somebody else at the same time. Read it again and retry.");

    public static readonly ChangeError StoreUnavailable = new(ChangeErrorKind.NotDurable, "not_durable", "The store cannot be written at the moment; nothing was changed. Try again.");
}
