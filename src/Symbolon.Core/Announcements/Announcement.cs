using Symbolon.Core.Identity;

namespace Symbolon.Core.Announcements;

/// <summary>An event that the webhook has still to be told, as the node has it that is telling it now.</summary>
/// <param name="Id">The same at every attempt: <c>webhook-id</c>, by which a receiver knows one that it was told twice.</param>
/// <param name="Server">The server that it is about, or empty.</param>
/// <param name="Body">A JSON object.</param>
/// <param name="CreatedAt">When it happened. Microseconds.</param>
/// <param name="Attempts">This one included.</param>
public sealed record Announcement(OrganisationId Organisation, string Id, string Type, string Server, string Body, long CreatedAt, int Attempts);
