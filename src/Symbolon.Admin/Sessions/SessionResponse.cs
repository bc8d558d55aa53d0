namespace Symbolon.Admin.Sessions;

/// <summary>Somebody who is signed in to the console.</summary>
/// <param name="Id">Names the session and opens nothing.</param>
/// <param name="By">Who signed in.</param>
/// <param name="Node">Whose link or admin token opened it; it ends when that node starts again. Absent for a person, whose session no start ends.</param>
/// <param name="ExpiresAt">It is refused from this moment on.</param>
public sealed record SessionResponse(string Id, string By, string? Node, DateTimeOffset OpenedAt, DateTimeOffset ExpiresAt);
