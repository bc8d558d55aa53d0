namespace Symbolon.Admin;

/// <summary>Knows the administrators' tokens; wired by the host.</summary>
public interface IAdminCredentials
{
    /// <summary>Compares hashes in fixed time.</summary>
    /// <param name="token">The bytes after <c>Bearer </c>, whatever they are.</param>
    bool IsAdmin(ReadOnlySpan<byte> token);

    /// <summary>The file on the server's machine that holds the token of this start; null where it lies in none.</summary>
    string? File => null;
}
