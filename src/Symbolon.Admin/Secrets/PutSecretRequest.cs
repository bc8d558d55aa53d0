namespace Symbolon.Admin.Secrets;

public sealed record PutSecretRequest
{
    /// <summary>What the server is shown in its header: 1 to 8192 visible ASCII characters. Sealed on arrival; no answer ever has it.</summary>
    public required string Value { get; init; }

    /// <summary>Why, for the record; at most 1024 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>Leaves the value out: a record's own text would print it.</summary>
    public override string ToString() => nameof(PutSecretRequest);
}

/// <param name="UsedBy">Servers whose approved or pending version names it.</param>
/// <param name="Changed">False when the same value was stored already.</param>
public sealed record SecretResponse(string Name, long Version, IReadOnlyList<string> UsedBy, bool Changed);

/// <summary>A secret in a list. Its value is never returned.</summary>
public sealed record SecretSummary
{
    public required string Name { get; init; }

    /// <summary>Version of the value that is used; also its <c>ETag</c> when it is stored again.</summary>
    public required long Version { get; init; }

    /// <summary>Servers whose approved or pending version names it.</summary>
    public required IReadOnlyList<string> UsedBy { get; init; }

    /// <summary><c>steady</c>, or <c>rotating</c> while a next value waits.</summary>
    public required string Phase { get; init; }

    /// <summary>When the value was stored that is used; absent where it was not kept then.</summary>
    public DateTimeOffset? StoredAt { get; init; }

    /// <summary>Whole days since; absent as the time is.</summary>
    public int? AgeDays { get; init; }

    /// <summary>When the value was stored that waits; absent while none does.</summary>
    public DateTimeOffset? NextStoredAt { get; init; }

    /// <summary>The last day, UTC, the earliest where its servers give several; absent while none uses it.</summary>
    public DateOnly? Expires { get; init; }
}

/// <summary>What a step of a rotation led to.</summary>
/// <param name="Version">Of the value that calls show.</param>
/// <param name="Phase"><c>steady</c> or <c>rotating</c>.</param>
/// <param name="Changed">False when the step had been made already.</param>
/// <param name="Trials">What each server that uses it said to the next value; empty but after the first step.</param>
public sealed record SecretRotationResponse(string Name, long Version, string Phase, bool Changed, IReadOnlyList<SecretTrialResponse> Trials);

/// <param name="Outcome"><c>works</c>, <c>failed</c> or <c>not_tried</c>.</param>
/// <param name="Text">For people.</param>
public sealed record SecretTrialResponse(string Server, string Outcome, string Text);
