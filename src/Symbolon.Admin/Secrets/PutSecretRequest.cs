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
