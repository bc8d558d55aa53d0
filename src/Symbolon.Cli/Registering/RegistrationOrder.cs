using Symbolon.Core.Identity;

namespace Symbolon.Cli.Registering;

/// <summary>What is to be registered.</summary>
internal sealed record RegistrationOrder
{
    public required ServerName Name { get; init; }
    public required string Owner { get; init; }
    public required Uri Url { get; init; }
    public HeaderCredential? Header { get; init; }
    public string? Reason { get; init; }
}

/// <summary>A header that the server wants from us. The value goes to the server itself and, sealed, into the store; never into a file.</summary>
/// <param name="Expires">The last day of the value, UTC.</param>
internal sealed record HeaderCredential(string Name, string Value, DateOnly Expires)
{
    /// <summary>Leaves the value out: a record's own text would print it.</summary>
    public override string ToString() => Name;
}
