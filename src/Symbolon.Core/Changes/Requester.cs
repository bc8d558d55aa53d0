using Symbolon.Core.Identity;

namespace Symbolon.Core.Changes;

/// <summary>Who asks for a change of the configuration: an administrator, already authenticated, and where from.</summary>
public sealed record Requester(OrganisationId Organisation, string By, string? Peer = null);
