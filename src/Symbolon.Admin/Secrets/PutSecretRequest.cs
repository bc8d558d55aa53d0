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

    /// <summary>The last day, UTC, the earliest where its servers give several; absent while none uses it.</summary>
    public DateOnly? Expires { get; init; }
}
